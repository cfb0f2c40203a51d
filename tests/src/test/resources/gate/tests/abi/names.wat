;; SPDX-License-Identifier: Apache-2.0
;; Every module under which functions can be imported, and sizes of any length.
(module
  (import "gate" "fd_65536" (func $fd (result i32)))
  (import "gate" "fd_99999999999999999999999999999999999999" (func $huge (result i32)))
  (import "env" "__gate_fd_4294967295" (func $environment (result i32)))
  (import "env" "__wasi_sched_yield" (func $yield (result i32)))
  (import "wasi_unstable" "fd_fdstat_get" (func $status (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield_too (result i32)))
  (memory 1)
  ;; 4 + 4 + 4 + 0 + 0 + 4 (the flag NONBLOCK) + 0
  (func (export "sum") (result i32)
    (i32.add (i32.add (i32.add (call $fd) (call $huge)) (i32.add (call $environment) (call $yield)))
      (i32.add
        (i32.add (call $status (i32.const 4) (i32.const 64)) (i32.load16_u (i32.const 66)))
        (call $yield_too)))))
