;; An interpreter in the guest: instructions of four bytes (operation, target, two operands), sixteen registers in
;; memory, and a br_table. Its program computes Collatz lengths.
(module
  (memory 1)
  ;; registers at 0; the program at 1024
  ;; 0 halt  1 set a=b  2 add  3 mul  4 shift right a=b>>c  5 and a=b&imm  6 jump if zero a to c  7 jump to c
  ;; 8 add immediate  9 move  10 subtract  11 xor
  (data (i32.const 1024)
    "\01\01\01\00"  ;; 0  r1 = 1              number
    "\09\02\01\00"  ;; 1  r2 = r1             value
    "\01\03\00\00"  ;; 2  r3 = 0              length
    "\08\04\02\ff"  ;; 3  r4 = r2 - 1
    "\06\04\00\0d"  ;; 4  if r4 == 0 goto 13
    "\05\04\02\01"  ;; 5  r4 = r2 & 1
    "\06\04\00\0a"  ;; 6  if r4 == 0 goto 10
    "\03\02\02\05"  ;; 7  r2 = r2 * r5
    "\08\02\02\01"  ;; 8  r2 = r2 + 1
    "\07\00\00\0b"  ;; 9  goto 11
    "\04\02\02\01"  ;; 10 r2 = r2 >> 1
    "\08\03\03\01"  ;; 11 r3 = r3 + 1
    "\07\00\00\03"  ;; 12 goto 3
    "\02\06\06\03"  ;; 13 r6 = r6 + r3
    "\0b\07\07\06"  ;; 14 r7 = r7 ^ r6
    "\08\01\01\01"  ;; 15 r1 = r1 + 1
    "\0a\04\01\00"  ;; 16 r4 = r1 - r0
    "\06\04\00\13"  ;; 17 if r4 == 0 goto 19
    "\07\00\00\01"  ;; 18 goto 1
    "\00\00\00\00") ;; 19 halt
  (func (export "run") (param $n i32) (result i64)
    (local $pc i32)
    (local $word i32)
    (local $a i32)
    (local $b i32)
    (local $c i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 64))
    (i32.store (i32.const 0) (local.get $n))
    (i32.store (i32.const 20) (i32.const 3))
    (loop $next
      (local.set $word (i32.load offset=1024 (i32.shl (local.get $pc) (i32.const 2))))
      (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
      (local.set $a (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 0x3fc)))
      (local.set $b (i32.and (i32.shr_u (local.get $word) (i32.const 16)) (i32.const 0xff)))
      (local.set $c (i32.shr_u (local.get $word) (i32.const 24)))
      (block $halt
        (block $xor
          (block $subtract
            (block $move
              (block $add_immediate
                (block $jump
                  (block $jump_if_zero
                    (block $and
                      (block $shift
                        (block $multiply
                          (block $add
                            (block $set
                              (br_table $halt $set $add $multiply $shift $and $jump_if_zero $jump $add_immediate
                                $move $subtract $xor $halt
                                (i32.and (local.get $word) (i32.const 0xff))))
                            (i32.store (local.get $a) (local.get $b))
                            (br $next))
                          (i32.store (local.get $a)
                            (i32.add
                              (i32.load (i32.shl (local.get $b) (i32.const 2)))
                              (i32.load (i32.shl (local.get $c) (i32.const 2)))))
                          (br $next))
                        (i32.store (local.get $a)
                          (i32.mul
                            (i32.load (i32.shl (local.get $b) (i32.const 2)))
                            (i32.load (i32.shl (local.get $c) (i32.const 2)))))
                        (br $next))
                      (i32.store (local.get $a)
                        (i32.shr_u (i32.load (i32.shl (local.get $b) (i32.const 2))) (local.get $c)))
                      (br $next))
                    (i32.store (local.get $a)
                      (i32.and (i32.load (i32.shl (local.get $b) (i32.const 2))) (local.get $c)))
                    (br $next))
                  (br_if $next (i32.load (local.get $a)))
                  (local.set $pc (local.get $c))
                  (br $next))
                (local.set $pc (local.get $c))
                (br $next))
              (i32.store (local.get $a)
                (i32.add
                  (i32.load (i32.shl (local.get $b) (i32.const 2)))
                  (i32.extend8_s (local.get $c))))
              (br $next))
            (i32.store (local.get $a) (i32.load (i32.shl (local.get $b) (i32.const 2))))
            (br $next))
          (i32.store (local.get $a)
            (i32.sub
              (i32.load (i32.shl (local.get $b) (i32.const 2)))
              (i32.load (i32.shl (local.get $c) (i32.const 2)))))
          (br $next))
        (i32.store (local.get $a)
          (i32.xor
            (i32.load (i32.shl (local.get $b) (i32.const 2)))
            (i32.load (i32.shl (local.get $c) (i32.const 2)))))
        (br $next)))
    (i64.or
      (i64.shl (i64.extend_i32_u (i32.load (i32.const 24))) (i64.const 32))
      (i64.load32_u (i32.const 28)))))
