;; A small program: a page of memory of which it touches little, some globals, a table, data.
(module
  (memory 2)
  (table 8 funcref)
  (elem (i32.const 0) $step $step)
  (global $a (mut i32) (i32.const 1))
  (global $b (mut i64) (i64.const 2))
  (data (i32.const 1024) "a small program, which waits most of its life")
  (func $step (param $i i32) (result i32)
    (i32.store (i32.const 2048) (i32.add (i32.load (i32.const 2048)) (local.get $i)))
    (i32.load (i32.const 2048)))
  (func (export "wait") (result i32)
    (loop $again
      (drop (call $step (i32.const 1)))
      (br $again))
    (unreachable)))
