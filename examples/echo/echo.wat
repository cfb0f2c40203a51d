;; Copies standard input to standard output, as much at a time as there is. It waits most of its time, which is a good
;; moment to be stopped: nothing that it has read is lost, and nothing is written twice.
(module
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  ;; 0..8: the i/o vector. 8..12: bytes read or written. 1024..: the bytes themselves.
  (memory (export "memory") 1)
  (global $buffer i32 (i32.const 1024))
  (global $room i32 (i32.const 4000))

  (func (export "_start")
    (local $got i32)
    (loop $more
      (i32.store (i32.const 0) (global.get $buffer))
      (i32.store (i32.const 4) (global.get $room))
      (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))
        (then (call $proc_exit (i32.const 1))))
      (local.set $got (i32.load (i32.const 8)))
      (if (local.get $got)
        (then
          (call $write_all (global.get $buffer) (local.get $got))
          (br $more)))))

  ;; A write may take fewer bytes than it is given.
  (func $write_all (param $from i32) (param $left i32)
    (local $done i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $from))
      (i32.store (i32.const 4) (local.get $left))
      (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
        (then (call $proc_exit (i32.const 1))))
      (local.set $done (i32.load (i32.const 8)))
      (local.set $from (i32.add (local.get $from) (local.get $done)))
      (local.set $left (i32.sub (local.get $left) (local.get $done)))
      (br_if $more (local.get $left)))))
