;; Searches a text of n letters for eight words: skips by a table of last occurrences, compares backwards.
(module
  (memory 4)
  (data (i32.const 0) "abcaabcdbbacdacbdacbbadcabcddcbacbadbcaddabcadbcaabbccddacdbabdc")
  ;; words of eight letters at 0, skips at 256, text at 4096
  (func $search (param $word i32) (param $end i32) (result i32)
    (local $i i32)
    (local $at i32)
    (local $count i32)
    (memory.fill (i32.const 256) (i32.const 8) (i32.const 256))
    (loop $skips
      (i32.store8 offset=256
        (i32.load8_u (i32.add (local.get $word) (local.get $i)))
        (i32.sub (i32.const 7) (local.get $i)))
      (br_if $skips (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 7))))
    (local.set $at (i32.const 4096))
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $end)))
        (local.set $i (i32.const 7))
        (block $differs
          (loop $compare
            (br_if $differs
              (i32.ne
                (i32.load8_u (i32.add (local.get $at) (local.get $i)))
                (i32.load8_u (i32.add (local.get $word) (local.get $i)))))
            (br_if $compare (i32.ge_s (local.tee $i (i32.sub (local.get $i) (i32.const 1))) (i32.const 0))))
          (local.set $count (i32.add (local.get $count) (local.get $at))))
        (local.set $at
          (i32.add (local.get $at) (i32.load8_u offset=256 (i32.load8_u offset=7 (local.get $at)))))
        (br $next)))
    (local.get $count))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $x i32)
    (local $end i32)
    (local $sum i64)
    (local.set $end (i32.add (local.get $n) (i32.const 4096)))
    (local.set $i (i32.const 4096))
    (local.set $x (i32.const 99))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store8 (local.get $i) (i32.add (i32.shr_u (local.get $x) (i32.const 30)) (i32.const 97)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $end))))
    (local.set $i (i32.const 0))
    (loop $words
      (local.set $sum
        (i64.add
          (i64.mul (local.get $sum) (i64.const 7))
          (i64.extend_i32_u (call $search (local.get $i) (local.get $end)))))
      (br_if $words (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 64))))
    (local.get $sum)))
