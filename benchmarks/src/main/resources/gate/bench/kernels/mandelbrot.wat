;; Iterations on an n by n grid, 64 at most: f64 arithmetic and a branch on it.
(module
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $j i32)
    (local $k i32)
    (local $cx f64)
    (local $cy f64)
    (local $x f64)
    (local $y f64)
    (local $xx f64)
    (local $yy f64)
    (local $scale f64)
    (local $sum i64)
    (local.set $scale (f64.div (f64.const 2.5) (f64.convert_i32_s (local.get $n))))
    (loop $rows
      (local.set $cy (f64.sub (f64.mul (f64.convert_i32_s (local.get $i)) (local.get $scale)) (f64.const 1.25)))
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $cx (f64.sub (f64.mul (f64.convert_i32_s (local.get $j)) (local.get $scale)) (f64.const 2)))
        (local.set $x (f64.const 0))
        (local.set $y (f64.const 0))
        (local.set $k (i32.const 64))
        (block $escaped
          (loop $iterate
            (local.set $xx (f64.mul (local.get $x) (local.get $x)))
            (local.set $yy (f64.mul (local.get $y) (local.get $y)))
            (br_if $escaped (f64.gt (f64.add (local.get $xx) (local.get $yy)) (f64.const 4)))
            (local.set $y
              (f64.add (f64.mul (f64.mul (local.get $x) (local.get $y)) (f64.const 2)) (local.get $cy)))
            (local.set $x (f64.add (f64.sub (local.get $xx) (local.get $yy)) (local.get $cx)))
            (br_if $iterate (local.tee $k (i32.sub (local.get $k) (i32.const 1))))))
        (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 3)) (i64.extend_i32_u (local.get $k))))
        (br_if $columns (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum)))
