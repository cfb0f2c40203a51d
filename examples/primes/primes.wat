;; Counts primes by trial division and prints every 5,000th of the first 150,000, in the text format that `gate run`
;; reads directly. It computes for some seconds, so that there is something to stop.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))

  (memory (export "memory") 1)

  ;; 0..8: the one i/o vector. 8..12: bytes written. 16..: the line, built from its end, which is at 80.
  (data (i32.const 80) "\n")

  (func (export "_start")
    (local $candidate i32)
    (local $count i32)
    (local.set $candidate (i32.const 2))
    (loop $next
      (if (call $is_prime (local.get $candidate))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (if (i32.eqz (i32.rem_u (local.get $count) (i32.const 5000)))
            (then (call $print_line (local.get $count) (local.get $candidate))))))
      (local.set $candidate (i32.add (local.get $candidate) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $count) (i32.const 150000)))))

  (func $is_prime (param $n i32) (result i32)
    (local $divisor i32)
    (if (i32.lt_u (local.get $n) (i32.const 4))
      (then (return (i32.const 1))))
    (if (i32.eqz (i32.and (local.get $n) (i32.const 1)))
      (then (return (i32.const 0))))
    (local.set $divisor (i32.const 3))
    (loop $try
      (if (i32.gt_u (i32.mul (local.get $divisor) (local.get $divisor)) (local.get $n))
        (then (return (i32.const 1))))
      (if (i32.eqz (i32.rem_u (local.get $n) (local.get $divisor)))
        (then (return (i32.const 0))))
      (local.set $divisor (i32.add (local.get $divisor) (i32.const 2)))
      (br $try))
    (unreachable))

  ;; COUNT, a space, PRIME, and the end of the line that is in memory already.
  (func $print_line (param $count i32) (param $prime i32)
    (local $at i32)
    (local.set $at (call $decimal (local.get $prime) (i32.const 80)))
    (local.set $at (i32.sub (local.get $at) (i32.const 1)))
    (i32.store8 (local.get $at) (i32.const 32))
    (local.set $at (call $decimal (local.get $count) (local.get $at)))
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (i32.sub (i32.const 81) (local.get $at)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))

  ;; Writes $number so that it ends before $end; gives where it begins.
  (func $decimal (param $number i32) (param $end i32) (result i32)
    (loop $digit
      (local.set $end (i32.sub (local.get $end) (i32.const 1)))
      (i32.store8 (local.get $end)
        (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
      (local.set $number (i32.div_u (local.get $number) (i32.const 10)))
      (br_if $digit (local.get $number)))
    (local.get $end)))
