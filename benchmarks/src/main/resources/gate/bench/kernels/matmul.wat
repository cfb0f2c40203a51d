;; Product of two n by n matrices of f64.
(module
  (memory 16)
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $j i32)
    (local $k i32)
    (local $row i32)
    (local $p i32)
    (local $q i32)
    (local $bytes i32)
    (local $b i32)
    (local $c i32)
    (local $sum f64)
    (local $total f64)
    (local.set $row (i32.shl (local.get $n) (i32.const 3)))
    (local.set $bytes (i32.mul (local.get $row) (local.get $n)))
    (local.set $b (local.get $bytes))
    (local.set $c (i32.shl (local.get $bytes) (i32.const 1)))
    (loop $fill
      (f64.store (local.get $p)
        (f64.div
          (f64.convert_i32_s (i32.sub (i32.rem_u (i32.mul (local.get $i) (i32.const 7)) (i32.const 31)) (i32.const 15)))
          (f64.const 8)))
      (f64.store (i32.add (local.get $p) (local.get $b))
        (f64.convert_i32_s (i32.rem_u (local.get $i) (i32.const 13))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $fill
        (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $bytes))))
    (local.set $i (i32.const 0))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $sum (f64.const 0))
        (local.set $p (i32.mul (local.get $i) (local.get $row)))
        (local.set $q (i32.add (local.get $b) (i32.shl (local.get $j) (i32.const 3))))
        (local.set $k (local.get $n))
        (loop $dot
          (local.set $sum
            (f64.add (local.get $sum) (f64.mul (f64.load (local.get $p)) (f64.load (local.get $q)))))
          (local.set $p (i32.add (local.get $p) (i32.const 8)))
          (local.set $q (i32.add (local.get $q) (local.get $row)))
          (br_if $dot (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (f64.store
          (i32.add
            (local.get $c)
            (i32.add (i32.mul (local.get $i) (local.get $row)) (i32.shl (local.get $j) (i32.const 3))))
          (local.get $sum))
        (local.set $total (f64.add (f64.mul (local.get $total) (f64.const 0.999)) (local.get $sum)))
        (br_if $columns (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i64.reinterpret_f64 (local.get $total))))
