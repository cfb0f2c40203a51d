;; A memory of 512 MiB, all of it touched, that grows page by page: now and then it has to move.
(module
  (memory 256)
  (func $touch
    (drop (memory.grow (i32.const 7936)))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x20000000)))
  (start $touch)
  (func (export "memory.grow")
    (loop $again
      (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (loop $ever (br $ever))))
