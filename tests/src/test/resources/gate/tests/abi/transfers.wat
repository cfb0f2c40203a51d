;; SPDX-License-Identifier: Apache-2.0
;; Reading and writing, each call as it is.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "fd_read") (param i32 i32 i32 i32) (result i32)
    (call $fd_read (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "fd_write") (param i32 i32 i32 i32) (result i32)
    (call $fd_write (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

  (func $say
    (i32.store (i32.const 131040) (i32.const 131056))
    (i32.store (i32.const 131044) (i32.const 1))
    (i32.store8 (i32.const 131056) (i32.const 46))
    (drop (call $fd_write (i32.const 1) (i32.const 131040) (i32.const 1) (i32.const 131048))))

  ;; Stopped by whoever reads the log, right before the call.
  (func (export "fd_read_stopped") (param i32 i32 i32 i32) (result i32)
    (call $say)
    (call $fd_read (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

  ;; Stopped by whoever reads the log, right before the call.
  (func (export "fd_write_stopped") (param i32 i32 i32 i32) (result i32)
    (call $say)
    (call $fd_write (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
