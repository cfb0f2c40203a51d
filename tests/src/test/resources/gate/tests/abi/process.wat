;; SPDX-License-Identifier: Apache-2.0
;; The end, signals and randomness, each call as it is.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "proc_raise" (func $proc_raise (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "proc_exit") (param i32)
    (call $proc_exit (local.get 0)))
  (func (export "proc_raise") (param i32) (result i32)
    (call $proc_raise (local.get 0)))
  (func (export "random_get") (param i32 i32) (result i32)
    (call $random_get (local.get 0) (local.get 1))))
