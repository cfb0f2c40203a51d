;; Guests that are hard to stop, one for each export. They run for ever or for very long.
(module
  (memory 65536)
  (table $a 3300000 funcref)
  (table $b 3300000 funcref)
  (table $small 1 funcref)
  (elem declare func $recurse)
  (func (export "loop") (loop $again (br $again)))
  (func (export "counting") (local $i i64)
    (loop $again
      (br_if $again (i64.ne (local.tee $i (i64.add (local.get $i) (i64.const 1))) (i64.const -1)))))
  (func (export "stores") (local $i i32)
    (loop $again
      (i32.store (i32.and (local.get $i) (i32.const 0xffff)) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br $again)))
  (func $recurse (param $depth i32)
    (if (local.get $depth)
      (then
        (call $recurse (i32.sub (local.get $depth) (i32.const 1)))
        (call $recurse (i32.sub (local.get $depth) (i32.const 1))))))
  (func (export "recursion") (call $recurse (i32.const 60)))
  (func (export "memory.fill")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0xffffffff)))
  (func (export "memory.copy")
    (memory.copy (i32.const 1) (i32.const 0) (i32.const 0xfffffff0)))
  (func (export "table.fill")
    (loop $again
      (table.fill $a (i32.const 0) (ref.func $recurse) (i32.const 3300000))
      (br $again)))
  (func (export "table.copy")
    (loop $again
      (table.copy $a $b (i32.const 0) (i32.const 0) (i32.const 3300000))
      (br $again)))
  (func (export "table.grow")
    (drop (table.grow $small (ref.null func) (i32.const 3299999)))
    (loop $again (br $again))))
