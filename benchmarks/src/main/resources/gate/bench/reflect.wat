;; Sends every flow and data packet of origin back as it is, so that each stream is an echo: as much is granted to the
;; client as the client has granted, and what comes goes back. Accepts 200 connections at a time.
(module
  (import "gate" "io_65536"
    (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
  (memory 3)
  ;; 0 and 8: buffers to receive into and to send from; 16 and 20: bytes received and sent. 1024: the packet.
  (data (i32.const 64) "\11\00\00\00" "\ff\ff" "\00" "\00" "\01\00" "\06origin" "\00\00\00\00\00\00\00")
  (data (i32.const 96) "\08\00\00\00" "\00\00" "\00" "\00")

  (func $send (param $at i32) (param $length i32)
    (loop $more
      (i32.store (i32.const 8) (local.get $at))
      (i32.store (i32.const 12) (local.get $length))
      (call $io (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 8) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 20))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 20))))
      (br_if $more (local.get $length))))

  (func $receive (param $at i32) (param $length i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (call $io (i32.const 0) (i32.const 1) (i32.const 16)
        (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 16))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 16))))
      (br_if $more (local.get $length))))

  (func (export "_start") (local $rest i32) (local $accepts i32)
    (call $send (i32.const 64) (i32.const 24))
    (local.set $accepts (i32.const 200))
    (loop $accept
      (call $send (i32.const 96) (i32.const 8))
      (br_if $accept (local.tee $accepts (i32.sub (local.get $accepts) (i32.const 1)))))
    (loop $next
      (call $receive (i32.const 1024) (i32.const 8))
      (local.set $rest (i32.and (i32.sub (i32.load (i32.const 1024)) (i32.const 1)) (i32.const -8)))
      (if (local.get $rest) (then (call $receive (i32.const 1032) (local.get $rest))))
      (br_if $next (i32.load16_s (i32.const 1028))) ;; not origin's
      (if (i32.eqz (i32.load8_u (i32.const 1030)))
        (then (call $send (i32.const 96) (i32.const 8)))
        (else
          (i32.store8 (i32.const 1031) (i32.const 0))
          (call $send (i32.const 1024) (i32.add (i32.const 8) (local.get $rest)))))
      (br $next))))
