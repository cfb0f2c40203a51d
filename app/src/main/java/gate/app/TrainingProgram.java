// SPDX-License-Identifier: Apache-2.0
package gate.app;

/// Writes a program in the text format that uses as many instructions as it can, in register and in constant form, and
/// WASI's most used functions: what [Training] shows to the JDK. An operation that the JDK's profile of the interpreter
/// has not seen costs the first real program that uses it a deoptimisation.
///
/// Exports: `_start`, which calls WASI and then loops over all of it; `forever`, the loop without end, to be stopped;
/// `fail`, which traps.
final class TrainingProgram {
    private static final String[] INTEGER_BINARY = {
        "add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl",
        "rotr"
    };
    private static final String[] INTEGER_COMPARE = {
        "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"
    };
    private static final String[] INTEGER_UNARY = {"clz", "ctz", "popcnt", "extend8_s", "extend16_s"};
    private static final String[] FLOAT_BINARY = {"add", "sub", "mul", "div", "min", "max", "copysign"};
    private static final String[] FLOAT_COMPARE = {"eq", "ne", "lt", "gt", "le", "ge"};
    private static final String[] FLOAT_UNARY = {"abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"};
    private static final String[] CONVERSIONS = {
        "i32.wrap_i64",
        "i64.extend_i32_s",
        "i64.extend_i32_u",
        "f64.promote_f32",
        "f32.demote_f64",
        "f32.convert_i32_s",
        "f32.convert_i32_u",
        "f32.convert_i64_s",
        "f32.convert_i64_u",
        "f64.convert_i32_s",
        "f64.convert_i32_u",
        "f64.convert_i64_s",
        "f64.convert_i64_u",
        "i32.trunc_sat_f32_s",
        "i32.trunc_sat_f64_u",
        "i64.trunc_sat_f32_u",
        "i64.trunc_sat_f64_s",
        "i32.reinterpret_f32",
        "i64.reinterpret_f64",
        "f32.reinterpret_i32",
        "f64.reinterpret_i64"
    };
    private static final String[] LOADS = {
        "i32.load",
        "i32.load8_s",
        "i32.load8_u",
        "i32.load16_s",
        "i32.load16_u",
        "i64.load",
        "i64.load8_s",
        "i64.load8_u",
        "i64.load16_s",
        "i64.load16_u",
        "i64.load32_s",
        "i64.load32_u",
        "f32.load",
        "f64.load"
    };
    private static final String[] STORES = {
        "i32.store",
        "i32.store8",
        "i32.store16",
        "i64.store",
        "i64.store8",
        "i64.store16",
        "i64.store32",
        "f32.store",
        "f64.store"
    };

    private final StringBuilder body = new StringBuilder();

    private TrainingProgram() {}

    /// The program; `_start` goes round as often as told.
    static String text(int rounds) {
        TrainingProgram program = new TrainingProgram();
        program.numbers("i32", INTEGER_BINARY, INTEGER_COMPARE, INTEGER_UNARY);
        program.numbers("i64", INTEGER_BINARY, INTEGER_COMPARE, INTEGER_UNARY);
        program.numbers("f32", FLOAT_BINARY, FLOAT_COMPARE, FLOAT_UNARY);
        program.numbers("f64", FLOAT_BINARY, FLOAT_COMPARE, FLOAT_UNARY);
        program.conversions();
        program.memory();
        return FRAME.replace("BODY", program.body).replace("ROUNDS", Integer.toString(rounds));
    }

    private void numbers(String type, String[] binary, String[] compare, String[] unary) {
        for (String operation : binary) {
            line("(local.set $%1$s_x (%1$s.%2$s (local.get $%1$s_a) (local.get $%1$s_b)))".formatted(type, operation));
            line("(local.set $%1$s_x (%1$s.%2$s (local.get $%1$s_a) (%1$s.const 3)))".formatted(type, operation));
        }
        for (String operation : compare) {
            line("(local.set $i32_x (%1$s.%2$s (local.get $%1$s_a) (local.get $%1$s_b)))".formatted(type, operation));
            line("(local.set $i32_x (%1$s.%2$s (local.get $%1$s_a) (%1$s.const 3)))".formatted(type, operation));
            line("(if (%1$s.%2$s (local.get $%1$s_a) (local.get $%1$s_b)) (then (local.set $i32_x (i32.const 1))))"
                    .formatted(type, operation));
            line("(block (br_if 0 (%1$s.%2$s (local.get $%1$s_a) (%1$s.const 3))) (local.set $i64_x (i64.const 9)))"
                    .formatted(type, operation));
        }
        for (String operation : unary) {
            line("(local.set $%1$s_x (%1$s.%2$s (local.get $%1$s_a)))".formatted(type, operation));
        }
        line("(local.set $%1$s_x (select (local.get $%1$s_a) (local.get $%1$s_b) (local.get $i32_x)))".formatted(type));
    }

    private void conversions() {
        for (String conversion : CONVERSIONS) {
            String to = conversion.substring(0, 3);
            int underscore = conversion.lastIndexOf("_s") == conversion.length() - 2
                            || conversion.lastIndexOf("_u") == conversion.length() - 2
                    ? conversion.length() - 2
                    : conversion.length();
            String from = conversion.substring(underscore - 3, underscore);
            line("(local.set $%s_x (%s (local.get $%s_a)))".formatted(to, conversion, from));
        }
    }

    private void memory() {
        for (String load : LOADS) {
            line("(local.set $%s_x (%s offset=16 (local.get $at)))".formatted(load.substring(0, 3), load));
        }
        for (String store : STORES) {
            line("(%s offset=16 (local.get $at) (local.get $%s_a))".formatted(store, store.substring(0, 3)));
        }
    }

    private void line(String text) {
        body.append("    ").append(text).append('\n');
    }

    private static final String FRAME = """
            (module
              (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
              (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "path_open"
                (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (type $unary (func (param i32) (result i32)))
              (table funcref (elem $increment $double))
              (memory (export "memory") 2)
              (global $count (mut i32) (i32.const 0))
              (global $sum (mut i64) (i64.const 0))
              (data (i32.const 0) "\\08\\00\\00\\00\\09\\00\\00\\00training\\n")
              (data $passive "passive")
              (func $increment (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
              (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
              (func $fibonacci (param i32) (result i32)
                (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
                  (then (local.get 0))
                  (else (i32.add
                    (call $fibonacci (i32.sub (local.get 0) (i32.const 1)))
                    (call $fibonacci (i32.sub (local.get 0) (i32.const 2)))))))
              (func $choose (param i32) (result i32)
                (block $c (block $b (block $a
                  (br_table $a $b $c (local.get 0)))
                  (return (i32.const 10)))
                  (return (i32.const 20)))
                (i32.const 30))
              (func $tail (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
                (return_call $tail (i32.sub (local.get 0) (i32.const 1))))
              (func $round (param $round i32)
                (local $i32_a i32) (local $i32_b i32) (local $i32_x i32) (local $at i32)
                (local $i64_a i64) (local $i64_b i64) (local $i64_x i64)
                (local $f32_a f32) (local $f32_b f32) (local $f32_x f32)
                (local $f64_a f64) (local $f64_b f64) (local $f64_x f64)
                (local.set $i32_a (i32.sub (i32.const 11) (local.get $round)))
                (local.set $i32_b (i32.or (i32.and (local.get $round) (i32.const 7)) (i32.const 1)))
                (local.set $i64_a (i64.extend_i32_s (local.get $i32_a)))
                (local.set $i64_b (i64.extend_i32_s (local.get $i32_b)))
                (local.set $f32_a (f32.convert_i32_s (local.get $i32_a)))
                (local.set $f32_b (f32.convert_i32_s (local.get $i32_b)))
                (local.set $f64_a (f64.convert_i32_s (local.get $i32_a)))
                (local.set $f64_b (f64.convert_i32_s (local.get $i32_b)))
                (local.set $at (i32.and (local.get $round) (i32.const 1023)))
                (global.set $count (i32.add (global.get $count) (i32.const 1)))
                (global.set $sum (i64.add (global.get $sum) (local.get $i64_a)))
                (local.set $i32_x (call_indirect (type $unary) (local.get $at) (i32.and (local.get $round) (i32.const 1))))
                (local.set $i32_x (call $choose (i32.and (local.get $round) (i32.const 3))))
                (local.set $i32_x (call $tail (i32.const 3)))
            BODY
                (memory.fill (i32.const 4096) (local.get $round) (i32.const 100))
                (memory.copy (i32.const 5000) (i32.const 4096) (i32.const 100))
                (memory.init $passive (i32.const 6000) (i32.const 0) (i32.const 7))
                (drop (memory.size)))
              (func (export "_start") (local $i i32)
                (drop (call $args_sizes (i32.const 64) (i32.const 68)))
                (drop (call $args (i32.const 128) (i32.const 512)))
                (drop (call $environ_sizes (i32.const 64) (i32.const 68)))
                (drop (call $environ (i32.const 128) (i32.const 512)))
                (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 64)))
                (drop (call $clock (i32.const 1) (i64.const 1) (i32.const 64)))
                (drop (call $random (i32.const 64) (i32.const 16)))
                (drop (call $fdstat (i32.const 1) (i32.const 64)))
                (drop (call $prestat (i32.const 3) (i32.const 64)))
                (drop (call $open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 0)
                  (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
                (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 64)))
                (i32.store (i32.const 0) (i32.const 8))
                (loop $again
                  (call $round (local.get $i))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $again (i32.lt_u (local.get $i) (i32.const ROUNDS))))
                (drop (call $fibonacci (i32.const 18)))
                (drop (memory.grow (i32.const 1)))
                (call $exit (i32.const 7)))
              (func (export "forever") (result i32) (local $i i32)
                (loop $again
                  (call $round (local.get $i))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br $again))
                (unreachable))
              (func $fail (export "fail") (param i32) (result i32)
                (i32.div_u (i32.const 1) (local.get 0))))
            """;
}
