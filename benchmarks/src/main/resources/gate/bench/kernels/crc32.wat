;; CRC-32 of n bytes by a table of 256 words.
(module
  (memory 4)
  (func $table
    (local $i i32)
    (local $j i32)
    (local $c i32)
    (loop $entry
      (local.set $c (local.get $i))
      (local.set $j (i32.const 8))
      (loop $bit
        (local.set $c
          (select
            (i32.xor (i32.shr_u (local.get $c) (i32.const 1)) (i32.const 0xedb88320))
            (i32.shr_u (local.get $c) (i32.const 1))
            (i32.and (local.get $c) (i32.const 1))))
        (br_if $bit (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $c))
      (br_if $entry (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256)))))
  (func $crc (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (local.set $c (i32.const -1))
    (loop $byte
      (local.set $c
        (i32.xor
          (i32.load
            (i32.shl
              (i32.and (i32.xor (local.get $c) (i32.load8_u (local.get $at))) (i32.const 0xff))
              (i32.const 2)))
          (i32.shr_u (local.get $c) (i32.const 8))))
      (br_if $byte (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end))))
    (i32.xor (local.get $c) (i32.const -1)))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $end i32)
    (call $table)
    (local.set $i (i32.const 1024))
    (local.set $end (i32.add (local.get $n) (i32.const 1024)))
    (loop $fill
      (i32.store8 (local.get $i)
        (i32.add (i32.mul (local.get $i) (i32.const 17)) (i32.shr_u (local.get $i) (i32.const 5))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $end))))
    (i64.extend_i32_u (call $crc (i32.const 1024) (local.get $end)))))
