;; Sorts n pseudo-random 32-bit numbers in memory; recursion on the smaller part.
(module
  (memory 16)
  (func $sort (param $low i32) (param $high i32)
    (local $i i32)
    (local $j i32)
    (local $pivot i32)
    (local $x i32)
    (local $y i32)
    (loop $again
      (if (i32.ge_s (local.get $low) (local.get $high)) (then (return)))
      (local.set $pivot
        (i32.load
          (i32.and
            (i32.shr_u (i32.add (local.get $low) (local.get $high)) (i32.const 1))
            (i32.const -4))))
      (local.set $i (local.get $low))
      (local.set $j (local.get $high))
      (loop $partition
        (block $found_left
          (loop $left
            (br_if $found_left (i32.ge_s (local.tee $x (i32.load (local.get $i))) (local.get $pivot)))
            (local.set $i (i32.add (local.get $i) (i32.const 4)))
            (br $left)))
        (block $found_right
          (loop $right
            (br_if $found_right (i32.le_s (local.tee $y (i32.load (local.get $j))) (local.get $pivot)))
            (local.set $j (i32.sub (local.get $j) (i32.const 4)))
            (br $right)))
        (if (i32.le_s (local.get $i) (local.get $j))
          (then
            (i32.store (local.get $i) (local.get $y))
            (i32.store (local.get $j) (local.get $x))
            (local.set $i (i32.add (local.get $i) (i32.const 4)))
            (local.set $j (i32.sub (local.get $j) (i32.const 4)))))
        (br_if $partition (i32.le_s (local.get $i) (local.get $j))))
      (if (i32.lt_s (i32.sub (local.get $j) (local.get $low)) (i32.sub (local.get $high) (local.get $i)))
        (then
          (call $sort (local.get $low) (local.get $j))
          (local.set $low (local.get $i)))
        (else
          (call $sort (local.get $i) (local.get $high))
          (local.set $high (local.get $j))))
      (br $again)))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $x i32)
    (local $end i32)
    (local $hash i64)
    (local.set $end (i32.shl (local.get $n) (i32.const 2)))
    (local.set $x (i32.const 12345))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store (local.get $i) (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 15))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $end))))
    (call $sort (i32.const 0) (i32.sub (local.get $end) (i32.const 4)))
    (local.set $i (i32.const 0))
    (loop $sum
      (local.set $hash
        (i64.add (i64.mul (local.get $hash) (i64.const 31)) (i64.load32_s (local.get $i))))
      (br_if $sum (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $end))))
    (local.get $hash)))
