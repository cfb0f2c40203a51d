;; Scans JSON: strings with escapes, numbers, nesting; a hash of every token.
(module
  (memory 1)
  (data (i32.const 16)
    "{\"name\": \"kernel\", \"values\": [1, 22, 333, 4444, -55555, 0.625, 6e7], \"nested\": {\"a\": {\"b\": [true, false, null]}},\n"
    "  \"text\": \"a longer string with \\\"escapes\\\" and \\\\ in it, so that the scanner has something to look at\",\n"
    "  \"list\": [{\"id\": 1001, \"tag\": \"first\"}, {\"id\": 1002, \"tag\": \"second\"}, {\"id\": 1003, \"tag\": \"third\"}],\n"
    "  \"empty\": [], \"none\": {}, \"last\": 1234567890}\00")
  (func $mix (param $hash i64) (param $value i64) (result i64)
    (i64.mul (i64.xor (local.get $hash) (local.get $value)) (i64.const 0x100000001b3)))
  (func $scan (param $at i32) (param $hash i64) (result i64)
    (local $c i32)
    (local $depth i32)
    (local $number i64)
    (block $end
      (loop $next
        (local.set $c (i32.load8_u (local.get $at)))
        (br_if $end (i32.eqz (local.get $c)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        ;; white space, and what separates
        (br_if $next (i32.le_u (local.get $c) (i32.const 32)))
        (br_if $next (i32.eq (local.get $c) (i32.const 44)))
        (br_if $next (i32.eq (local.get $c) (i32.const 58)))
        (if (i32.eq (local.get $c) (i32.const 34))
          (then
            (block $closed
              (loop $character
                (local.set $c (i32.load8_u (local.get $at)))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (br_if $closed (i32.eq (local.get $c) (i32.const 34)))
                (if (i32.eq (local.get $c) (i32.const 92))
                  (then
                    (local.set $c (i32.load8_u (local.get $at)))
                    (local.set $at (i32.add (local.get $at) (i32.const 1)))))
                (local.set $hash (call $mix (local.get $hash) (i64.extend_i32_u (local.get $c))))
                (br $character)))
            (br $next)))
        (if (i32.lt_u (i32.sub (local.get $c) (i32.const 48)) (i32.const 10))
          (then
            (local.set $number (i64.const 0))
            (loop $digit
              (local.set $number
                (i64.add
                  (i64.mul (local.get $number) (i64.const 10))
                  (i64.extend_i32_u (i32.sub (local.get $c) (i32.const 48)))))
              (local.set $c (i32.load8_u (local.get $at)))
              (if (i32.lt_u (i32.sub (local.get $c) (i32.const 48)) (i32.const 10))
                (then
                  (local.set $at (i32.add (local.get $at) (i32.const 1)))
                  (br $digit))))
            (local.set $hash (call $mix (local.get $hash) (local.get $number)))
            (br $next)))
        (if (i32.eq (i32.or (local.get $c) (i32.const 32)) (i32.const 123))
          (then
            (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
            (local.set $hash (call $mix (local.get $hash) (i64.extend_i32_s (local.get $depth))))
            (br $next)))
        (if (i32.eq (i32.or (local.get $c) (i32.const 32)) (i32.const 125))
          (then
            (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
            (br $next)))
        ;; true, false, null, signs, points and exponents
        (local.set $hash (i64.add (local.get $hash) (i64.extend_i32_u (local.get $c))))
        (br $next)))
    (i64.add (local.get $hash) (i64.extend_i32_s (local.get $depth))))
  (func (export "run") (param $n i32) (result i64)
    (local $hash i64)
    (local.set $hash (i64.const 0x4bf29ce484222325))
    (loop $again
      (local.set $hash (call $scan (i32.const 16) (local.get $hash)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $hash)))
