;; Calls service "echo" again and again, and waits for each reply; or sends messages without waiting.
(module
  (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
  (memory 1)
  ;; 0: receive 64 bytes at 1024; 8: send 24 bytes of discovery; 24: send a packet of 16 bytes at 96, 32: 64 of them at 4096.
  (data (i32.const 0) "\00\04\00\00\40\00\00\00" "\40\00\00\00\10\00\00\00")
  (data (i32.const 24) "\60\00\00\00\10\00\00\00" "\00\10\00\00\00\04\00\00")
  (data (i32.const 64) "\0f\00\00\00" "\ff\ff\00\00" "\01\00\04echo" "\00")
  (data (i32.const 96) "\10\00\00\00" "\00\00\00\00" "12345678")
  (func $send (param $buffer i32)
    (loop $again
      (call $io (i32.const 0) (i32.const 0) (i32.const 0)
        (local.get $buffer) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
      (br_if $again (i32.eqz (i32.load (i32.const 20))))))
  (func $receive
    (loop $again
      (call $io (i32.const 0) (i32.const 1) (i32.const 16)
        (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 0))
      (br_if $again (i32.eqz (i32.load (i32.const 16))))))
  (func (export "call")
    (call $send (i32.const 8)) (call $receive)
    (loop $next (call $send (i32.const 24)) (call $receive) (br $next)))
  (func (export "message") (local $i i32)
    (call $send (i32.const 8)) (call $receive)
    (loop $fill
      (i64.store (i32.add (i32.const 4096) (local.get $i)) (i64.const 0x0001000000000010))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 1024))))
    (loop $next (local.set $i (i32.const 0))
      (i32.store (i32.const 32) (i32.const 4096)) (i32.store (i32.const 36) (i32.const 1024))
      (loop $rest
        (call $io (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 32) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
        (i32.store (i32.const 32) (i32.add (i32.load (i32.const 32)) (i32.load (i32.const 20))))
        (i32.store (i32.const 36) (i32.sub (i32.load (i32.const 36)) (i32.load (i32.const 20))))
        (br_if $rest (i32.load (i32.const 36))))
      (br $next))))
