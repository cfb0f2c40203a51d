;; SPDX-License-Identifier: Apache-2.0
;; What can be an entry function, and what can't.
(module
  (memory (export "memory") 1)
  (global (export "global") i32 (i32.const 0))
  (func (export "nothing"))
  (func (export "number") (result i32) (i32.const 5))
  (func (export "long") (result i64) (i64.const 5))
  (func (export "argument") (param i32))
  (func (export "a name that is no name")))
