;; Discovers the service `test` and calls it CALLS times, one byte each; the answers have to be the same.
;; Ends with the last one, which is 0 after 129 calls.
(module
  (import "gate" "io_65536"
    (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory 2)
  (global $calls i32 (i32.const CALLS))
  (data (i32.const 64) "\0f\00\00\00" "\ff\ff" "\00" "\00" "\01\00" "\04test" "\00")
  (data (i32.const 96) "\09\00\00\00" "\00\00" "\00" "\00" "\2a" "\00\00\00\00\00\00\00")
  (func $send (param $at i32) (param $length i32)
    (loop $more
      (i32.store (i32.const 8) (local.get $at))
      (i32.store (i32.const 12) (local.get $length))
      (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 20))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 20))))
      (br_if $more (local.get $length))))
  (func $receive (param $at i32) (param $length i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (call $io (i32.const 0) (i32.const 1) (i32.const 16) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 16))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 16))))
      (br_if $more (local.get $length))))
  (func (export "_start") (local $number i32) (local $count i32)
    (call $send (i32.const 64) (i32.const 16))
    (call $receive (i32.const 1024) (i32.const 16))
    (loop $again
      (i32.store8 (i32.const 104) (local.get $number))
      (call $send (i32.const 96) (i32.const 16))
      ;; Each time that it is continued, it is told of its services.
      (loop $told
        (call $receive (i32.const 1024) (i32.const 16))
        (br_if $told (i32.eq (i32.load16_s (i32.const 1028)) (i32.const -1))))
      (if (i32.ne (i32.load8_u (i32.const 1032)) (local.get $number)) (then (unreachable)))
      (local.set $number (i32.and (i32.add (local.get $number) (i32.const 1)) (i32.const 127)))
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $count) (global.get $calls))))
    (call $exit (i32.load8_u (i32.const 1032)))))
