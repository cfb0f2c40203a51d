;; Integers only: multiplications, rotations, bit counts and divisions of 64 bits, no memory.
(module
  (global $state (mut i64) (i64.const 0))
  (func (export "run") (param $n i32) (result i64)
    (local $x i64)
    (local $sum i64)
    (global.set $state (i64.const 0x123456789abcdef))
    (loop $next
      (global.set $state (i64.add (global.get $state) (i64.const 0x9e3779b97f4a7c15)))
      (local.set $x (global.get $state))
      (local.set $x
        (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 30))) (i64.const 0xbf58476d1ce4e5b9)))
      (local.set $x
        (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 27))) (i64.const 0x94d049bb133111eb)))
      (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 31))))
      (local.set $sum
        (i64.add
          (i64.rotl (local.get $sum) (i64.add (i64.clz (local.get $x)) (i64.const 5)))
          (i64.add
            (local.get $x)
            (i64.add (i64.popcnt (local.get $x)) (i64.ctz (local.get $x))))))
      (local.set $sum
        (i64.add (local.get $sum) (i64.rem_u (local.get $x) (i64.const 1000003))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
