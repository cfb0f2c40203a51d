;; A typical program of many: it has discovered origin, accepts, and waits for somebody to connect.
(module
  (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
  (memory 2)
  (table 4 funcref)
  (global $g (mut i32) (i32.const 0))
  (data (i32.const 0) "\00\04\00\00\08\00\00\00" "\40\00\00\00\20\00\00\00")
  (data (i32.const 64) "\11\00\00\00" "\ff\ff\00\00" "\01\00\06origin" "\00\00\00\00\00\00\00" "\08\00\00\00\00\00\00\00")
  (func (export "_start")
    (call $io (i32.const 0) (i32.const 0) (i32.const 0)
      (i32.const 8) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
    (loop $next
      (call $io (i32.const 0) (i32.const 1) (i32.const 16)
        (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 0))
      (br $next))))
