;; Edit distance of two strings of n letters: rows of 16-bit numbers, minima by select.
(module
  (memory 1)
  ;; one string at 0, the other at 4096, a row at 8192
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $j i32)
    (local $x i32)
    (local $c i32)
    (local $diagonal i32)
    (local $above i32)
    (local $best i32)
    (local $row i32)
    (local.set $x (i32.const 7))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 69069)) (i32.const 1)))
      (i32.store8 (local.get $i) (i32.and (i32.shr_u (local.get $x) (i32.const 20)) (i32.const 7)))
      (i32.store8 offset=4096 (local.get $i) (i32.and (i32.shr_u (local.get $x) (i32.const 24)) (i32.const 7)))
      (br_if $fill (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (loop $first
      (i32.store16 (i32.add (i32.const 8192) (i32.shl (local.get $j) (i32.const 1))) (local.get $j))
      (br_if $first (i32.le_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $rows
      (local.set $c (i32.load8_u (local.get $i)))
      (local.set $diagonal (local.get $i))
      (local.set $best (i32.add (local.get $i) (i32.const 1)))
      (i32.store16 (i32.const 8192) (local.get $best))
      (local.set $j (i32.const 0))
      (local.set $row (i32.const 8194))
      (loop $columns
        (local.set $above (i32.load16_u (local.get $row)))
        (local.set $x
          (i32.add
            (local.get $diagonal)
            (i32.ne (local.get $c) (i32.load8_u offset=4096 (local.get $j)))))
        (local.set $diagonal (local.get $above))
        (local.set $best
          (i32.add
            (select (local.get $above) (local.get $best) (i32.lt_u (local.get $above) (local.get $best)))
            (i32.const 1)))
        (local.set $best
          (select (local.get $x) (local.get $best) (i32.lt_u (local.get $x) (local.get $best))))
        (i32.store16 (local.get $row) (local.get $best))
        (local.set $row (i32.add (local.get $row) (i32.const 2)))
        (br_if $columns (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i64.extend_i32_u (local.get $best))))
