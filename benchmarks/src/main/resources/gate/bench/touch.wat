;; Fills memory with bytes that don't repeat, then waits to be stopped.
(module
  (memory 4224)
  (func (export "run") (param $bytes i32)
    (local $i i32)
    (local $x i64)
    (local.set $x (i64.const 88172645463325252))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $bytes)))
        (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
        (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
        (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
        (i64.store (local.get $i) (local.get $x))
        (local.set $i (i32.add (local.get $i) (i32.const 8)))
        (br $next)))
    (loop $wait (br $wait))))
