;; SPDX-License-Identifier: Apache-2.0
;; Waiting for events, as it is.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 8)
  (func (export "poll_oneoff") (param i32 i32 i32 i32) (result i32)
    (call $poll_oneoff (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

  (func $say
    (i32.store (i32.const 131040) (i32.const 131056))
    (i32.store (i32.const 131044) (i32.const 1))
    (i32.store8 (i32.const 131056) (i32.const 46))
    (drop (call $fd_write (i32.const 1) (i32.const 131040) (i32.const 1) (i32.const 131048))))

  ;; Stopped by whoever reads the log, right before the call.
  (func (export "poll_oneoff_stopped") (param i32 i32 i32 i32) (result i32)
    (call $say)
    (call $poll_oneoff (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
