;; A 3 by 3 filter over an n by n picture of f32, and its rounding to bytes.
(module
  (memory 8)
  ;; the picture at 0, the filtered one at 0x20000, bytes at 0x40000
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $j i32)
    (local $p i32)
    (local $row i32)
    (local $end i32)
    (local $hash i64)
    (local $v f32)
    (local.set $row (i32.shl (local.get $n) (i32.const 2)))
    (local.set $end (i32.mul (local.get $row) (local.get $n)))
    (loop $fill
      (f32.store (local.get $p)
        (f32.convert_i32_u
          (i32.and (i32.mul (i32.add (local.get $p) (i32.const 4)) (i32.const 0x2f35)) (i32.const 0xff))))
      (br_if $fill (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (local.get $end))))
    (local.set $i (i32.const 1))
    (loop $rows
      (local.set $p (i32.add (i32.mul (local.get $i) (local.get $row)) (i32.const 4)))
      (local.set $j (i32.sub (local.get $n) (i32.const 2)))
      (loop $columns
        (local.set $v
          (f32.add
            (f32.mul (f32.load (local.get $p)) (f32.const 0.25))
            (f32.mul
              (f32.add
                (f32.add
                  (f32.load (i32.sub (local.get $p) (i32.const 4)))
                  (f32.load (i32.add (local.get $p) (i32.const 4))))
                (f32.add
                  (f32.load (i32.sub (local.get $p) (local.get $row)))
                  (f32.load (i32.add (local.get $p) (local.get $row)))))
              (f32.const 0.1875))))
        (f32.store offset=0x20000 (local.get $p) (local.get $v))
        (i32.store8 offset=0x40000 (i32.shr_u (local.get $p) (i32.const 2))
          (i32.trunc_sat_f32_u (f32.min (local.get $v) (f32.const 255))))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))
        (br_if $columns (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))
      (br_if $rows
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.sub (local.get $n) (i32.const 1)))))
    (local.set $p (i32.const 0))
    (local.set $end (i32.mul (local.get $n) (local.get $n)))
    (loop $sum
      (local.set $hash
        (i64.add (i64.mul (local.get $hash) (i64.const 33)) (i64.load8_u offset=0x40000 (local.get $p))))
      (br_if $sum (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 1))) (local.get $end))))
    (local.get $hash)))
