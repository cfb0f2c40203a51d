;; SPDX-License-Identifier: Apache-2.0
;; Sends sixteen bytes and waits for sixteen, again and again, as programs do: whatever is moved in whatever pieces.
;; "talk" gives how many rounds went wrong, or -1 where it isn't told once that it was started.
(module
  (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
  (memory (export "memory") 1)
  ;; 64: entry to receive; 72: entry to send; 80: received; 84: sent; 88: flags; 128: bytes sent; 192: received
  (global $starts (export "starts") (mut i32) (i32.const 0))

  (func $round (param $number i64)
    (local $sent i32)
    (local $received i32)
    (i64.store (i32.const 128) (local.get $number))
    (i64.store (i32.const 136) (i64.mul (local.get $number) (i64.const 7)))
    (loop $more
      (i32.store (i32.const 64) (i32.add (i32.const 192) (local.get $received)))
      (i32.store (i32.const 68) (i32.sub (i32.const 16) (local.get $received)))
      (i32.store (i32.const 72) (i32.add (i32.const 128) (local.get $sent)))
      (i32.store (i32.const 76) (i32.sub (i32.const 16) (local.get $sent)))
      (call $io (i32.const 64) (i32.const 1) (i32.const 80) (i32.const 72) (i32.const 1) (i32.const 84)
        (i64.const -1) (i32.const 88))
      (local.set $received (i32.add (local.get $received) (i32.load (i32.const 80))))
      (local.set $sent (i32.add (local.get $sent) (i32.load (i32.const 84))))
      (global.set $starts (i32.add (global.get $starts) (i32.load (i32.const 88))))
      (br_if $more (i32.lt_u (i32.add (local.get $received) (local.get $sent)) (i32.const 32)))))

  (func (export "talk") (param $rounds i64) (result i32)
    (local $number i64)
    (local $wrong i32)
    (loop $next
      (local.set $number (i64.add (local.get $number) (i64.const 1)))
      (call $round (local.get $number))
      (if (i64.ne (i64.load (i32.const 192)) (local.get $number))
        (then (local.set $wrong (i32.add (local.get $wrong) (i32.const 1)))))
      (if (i64.ne (i64.load (i32.const 200)) (i64.mul (local.get $number) (i64.const 7)))
        (then (local.set $wrong (i32.add (local.get $wrong) (i32.const 1)))))
      (br_if $next (i64.lt_u (local.get $number) (local.get $rounds))))
    (select (i32.const -1) (local.get $wrong) (i32.eqz (global.get $starts)))))
