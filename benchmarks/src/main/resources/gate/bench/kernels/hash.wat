;; A hash table with open addressing: n insertions of i64 keys with counts, then n look-ups.
(module
  (memory 16)
  ;; 32,768 entries of 16 bytes: key, count
  (func $find (param $key i64) (result i32)
    (local $at i32)
    (local $found i64)
    (local.set $at
      (i32.shl
        (i32.wrap_i64
          (i64.shr_u (i64.mul (local.get $key) (i64.const 0x9e3779b97f4a7c15)) (i64.const 49)))
        (i32.const 4)))
    (loop $probe
      (local.set $found (i64.load (local.get $at)))
      (if (i64.eq (local.get $found) (local.get $key)) (then (return (local.get $at))))
      (if (i64.eqz (local.get $found)) (then (return (local.get $at))))
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const 16)) (i32.const 0x7fff0)))
      (br $probe))
    (unreachable))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (local $at i32)
    (local $x i64)
    (local $hash i64)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0x80000))
    (local.set $x (i64.const 88172645463325252))
    (local.set $i (local.get $n))
    (loop $insert
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
      (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
      (local.set $at (call $find (i64.or (i64.and (local.get $x) (i64.const 0x7ffe)) (i64.const 1))))
      (i64.store (local.get $at) (i64.or (i64.and (local.get $x) (i64.const 0x7ffe)) (i64.const 1)))
      (i64.store offset=8 (local.get $at) (i64.add (i64.load offset=8 (local.get $at)) (i64.const 1)))
      (br_if $insert (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (loop $look_up
      (local.set $at (call $find (i64.extend_i32_u (i32.add (local.get $i) (i32.const 1)))))
      (local.set $hash
        (i64.add (i64.mul (local.get $hash) (i64.const 131)) (i64.load offset=8 (local.get $at))))
      (br_if $look_up (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $hash)))
