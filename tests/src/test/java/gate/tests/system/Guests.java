// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Small programs that these tests run, in the text format.
final class Guests {
    /// Ends with the status 3.
    static final String EXIT = """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "_start") (call $exit (i32.const 3))))
            """;

    /// Says that it runs, then never ends.
    static final String FOREVER = """
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 0) "\\08\\00\\00\\00\\08\\00\\00\\00running\\n")
              (func $spin (param $count i64)
                (loop $again
                  (local.set $count (i64.add (local.get $count) (i64.const 1)))
                  (br $again)))
              (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
                (call $spin (i64.const 0))))
            """;

    /// Prints `ticked` after counting to 200,000,000, which takes longer than any stop in these tests waits.
    static final String COUNT = """
            (module
              (func (export "count") (param $to i64) (result i64 f64)
                (local $n i64) (local $sum f64)
                (loop $again
                  (local.set $sum (f64.add (local.get $sum)
                    (f64.sqrt (f64.convert_i64_u (local.get $n)))))
                  (local.set $n (i64.add (local.get $n) (i64.const 1)))
                  (br_if $again (i64.lt_u (local.get $n) (local.get $to))))
                (local.get $n)
                (local.get $sum)))
            """;

    /// A library: `_initialize` sets what `get` gives.
    static final String REACTOR = """
            (module
              (global $set (mut i32) (i32.const 0))
              (func (export "_initialize") (global.set $set (i32.const 42)))
              (func (export "get") (result i32) (global.get $set))
              (func (export "add") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
                (i32.add (local.get 0) (global.get $set))
                (i64.add (local.get 1) (i64.const 1))
                (f32.add (local.get 2) (f32.const 0.5))
                (f64.neg (local.get 3))))
            """;

    static final String TRAP = """
            (module
              (func $outer (export "_start") (call $middle (i32.const 5)))
              (func $middle (param i32) (drop (call $inner (local.get 0) (i32.const 0))))
              (func $inner (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
              (func $deep (export "deep") (call $deep)))
            """;

    static final String MISSING = """
            (module
              (import "env" "open_the_door" (func (param i32) (result i64)))
              (import "wasi_snapshot_preview1" "fd_wirte" (func))
              (import "wasi_snapshot_preview1" "fd_write" (func (param i32)))
              (import "env" "memory" (memory 1))
              (func (export "_start")))
            """;

    private Guests() {}

    static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /// A program of ours that lies ready to run.
    static Path example(String name) {
        return Repository.root().resolve("examples/" + name);
    }
}
