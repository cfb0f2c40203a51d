;; Compresses n bytes by references to earlier ones (found by a hash of four), expands them and hashes both.
(module
  (memory 8)
  ;; hash table of positions at 0 (16,384 words), input at 0x10000, compressed at 0x30000, expanded at 0x50000
  (func $compress (param $in i32) (param $end i32) (param $out i32) (result i32)
    (local $slot i32)
    (local $candidate i32)
    (local $word i32)
    (local $length i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (i32.add (local.get $in) (i32.const 4)) (local.get $end)))
        (local.set $word (i32.load (local.get $in)))
        (local.set $slot
          (i32.shl
            (i32.shr_u (i32.mul (local.get $word) (i32.const 0x9e3779b1)) (i32.const 18))
            (i32.const 2)))
        (local.set $candidate (i32.load (local.get $slot)))
        (i32.store (local.get $slot) (local.get $in))
        (if (i32.and
              (i32.ne (local.get $candidate) (i32.const 0))
              (i32.eq (i32.load (local.get $candidate)) (local.get $word)))
          (then
            (local.set $length (i32.const 4))
            (block $differs
              (loop $same
                (br_if $differs (i32.ge_u (i32.add (local.get $in) (local.get $length)) (local.get $end)))
                (br_if $differs (i32.ge_u (local.get $length) (i32.const 255)))
                (br_if $differs
                  (i32.ne
                    (i32.load8_u (i32.add (local.get $in) (local.get $length)))
                    (i32.load8_u (i32.add (local.get $candidate) (local.get $length)))))
                (local.set $length (i32.add (local.get $length) (i32.const 1)))
                (br $same)))
            ;; length, distance
            (i32.store8 (local.get $out) (local.get $length))
            (i32.store offset=1 align=1 (local.get $out) (i32.sub (local.get $in) (local.get $candidate)))
            (local.set $out (i32.add (local.get $out) (i32.const 5)))
            (local.set $in (i32.add (local.get $in) (local.get $length)))
            (br $next)))
        ;; zero, literal
        (i32.store8 (local.get $out) (i32.const 0))
        (i32.store8 offset=1 (local.get $out) (i32.load8_u (local.get $in)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (local.set $in (i32.add (local.get $in) (i32.const 1)))
        (br $next)))
    (local.get $out))
  (func $expand (param $in i32) (param $end i32) (param $out i32) (result i32)
    (local $length i32)
    (local $from i32)
    (loop $next
      (if (i32.eqz (local.tee $length (i32.load8_u (local.get $in))))
        (then
          (i32.store8 (local.get $out) (i32.load8_u offset=1 (local.get $in)))
          (local.set $out (i32.add (local.get $out) (i32.const 1)))
          (local.set $in (i32.add (local.get $in) (i32.const 2))))
        (else
          (local.set $from (i32.sub (local.get $out) (i32.load offset=1 align=1 (local.get $in))))
          (loop $copy
            (i32.store8 (local.get $out) (i32.load8_u (local.get $from)))
            (local.set $out (i32.add (local.get $out) (i32.const 1)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (br_if $copy (local.tee $length (i32.sub (local.get $length) (i32.const 1)))))
          (local.set $in (i32.add (local.get $in) (i32.const 5)))))
      (br_if $next (i32.lt_u (local.get $in) (local.get $end))))
    (local.get $out))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $x i32)
    (local $compressed i32)
    (local $end i32)
    (local $hash i64)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0x10000))
    (local.set $end (i32.add (local.get $n) (i32.const 0x10000)))
    (local.set $i (i32.const 0x10000))
    (local.set $x (i32.const 1))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345)))
      (i32.store8 (local.get $i)
        (i32.add
          (i32.const 97)
          (i32.and
            (i32.shr_u (local.get $x) (i32.const 16))
            (select (i32.const 1) (i32.const 15) (i32.and (local.get $i) (i32.const 0x30))))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $end))))
    (local.set $compressed (call $compress (i32.const 0x10000) (local.get $end) (i32.const 0x30000)))
    (local.set $end (call $expand (i32.const 0x30000) (local.get $compressed) (i32.const 0x50000)))
    (local.set $i (i32.const 0x50000))
    (loop $sum
      (local.set $hash
        (i64.add
          (i64.mul (local.get $hash) (i64.const 31))
          (i64.extend_i32_s
            (i32.sub
              (i32.load8_u (local.get $i))
              (i32.shl
                (i32.sub
                  (i32.load8_u (local.get $i))
                  (i32.load8_u (i32.sub (local.get $i) (i32.const 0x40000))))
                (i32.const 8))))))
      (br_if $sum (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $end))))
    (i64.xor (local.get $hash) (i64.extend_i32_u (local.get $compressed)))))
