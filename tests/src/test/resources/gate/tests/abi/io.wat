;; SPDX-License-Identifier: Apache-2.0
;; Gate's own two functions, each call as it is.
(module
  (import "gate" "fd_65536" (func $fd (result i32)))
  (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "fd") (result i32)
    (call $fd))
  (func (export "io") (param i32 i32 i32 i32 i32 i32 i64 i32)
    (call $io (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)))

  (func $say
    (i32.store (i32.const 131040) (i32.const 131056))
    (i32.store (i32.const 131044) (i32.const 1))
    (i32.store8 (i32.const 131056) (i32.const 46))
    (drop (call $fd_write (i32.const 1) (i32.const 131040) (i32.const 1) (i32.const 131048))))

  ;; Stopped by whoever reads the log, right before the call.
  (func (export "io_stopped") (param i32 i32 i32 i32 i32 i32 i64 i32)
    (call $say)
    (call $io (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7))))
