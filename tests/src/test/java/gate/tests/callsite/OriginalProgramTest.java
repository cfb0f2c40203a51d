// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.callsite.CallSites;
import gate.engine.callsite.OriginalProgram;
import gate.engine.wasm.Module;
import gate.tests.equivalence.WasmBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the original would load: reference 1.1 and 1.2.
final class OriginalProgramTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(memory 1 2) (data (i32.const 0) \"abc\")",
                "(func $f) (table 2 funcref) (elem (i32.const 0) $f $f)",
                "(global (mut i64) (i64.const 5)) (func (export \"f\") (result i32) (i32.const 1))",
                "(func (param i64) (result i32) (i32.trunc_sat_f64_u (f64.const 1)))",
                "(func (drop (i32.extend8_s (i32.const 1))))",
                "(memory 1) (func (memory.copy (i32.const 0) (i32.const 0) (i32.const 1)))",
                "(memory 32767 65536)",
                "(import \"gate\" \"fd_65536\" (func (result i32)))",
                "(import \"wasi_unstable\" \"proc_exit\" (func (param i32)))",
                "(import \"wasi_snapshot_preview1\" \"path_open\""
                        + " (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))"
            })
    void whatWebAssembly1HasAndSomeMoreIsAccepted(String fields) {
        assertThat(OriginalProgram.refusal(PortableWords.module("(module " + fields + ")")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(func (result i32 i32) (i32.const 1) (i32.const 2)) | multi-value",
                "(func (drop (ref.null func))) | reference-types",
                "(func $f (return_call $f)) | tail-call",
                "(memory 1) (memory 1) | multi-memory",
                "(table 1 funcref) (table 1 funcref) | reference-types",
                "(table 1 externref) | reference-types",
                "(memory 1) (data \"abc\") | data segment 0",
                "(global i32 (i32.add (i32.const 1) (i32.const 2))) | extended-const",
                "(global i32 (i32.const 1)) (global i32 (global.get 0)) | global 1",
                "(import \"m\" \"g\" (global i32)) | import global",
                "(import \"m\" \"m\" (memory 1)) | import memory",
                "(import \"m\" \"t\" (table 1 funcref)) | import table",
                "(import \"wasi_snapshot_preview1\" \"sock_accept\" (func)) | wasi_snapshot_preview1.sock_accept",
                "(import \"gate\" \"io_4096\" (func (param i32 i32 i32 i32 i32 i32 i64 i32))) | gate.io_4096",
                "(import \"gate\" \"fd_065536\" (func (result i32))) | gate.fd_065536",
                "(import \"gate\" \"fd_\" (func (result i32))) | gate.fd_",
                "(import \"gate\" \"fd_65536x\" (func (result i32))) | gate.fd_65536x",
                "(import \"env\" \"fd_write\" (func)) | env.fd_write",
                "(import \"env\" \"__wasi_fd_write\" (func (result i32))) | has type",
                "(memory 32768) | pages of memory",
                "(table 10000001 funcref) | elements of the table",
                "(func (local i32) (block (param) (result))) | "
            })
    void whatTheOriginalDoesNotKnowIsRefusedWithTheReason(String fields, String reason) {
        if (reason == null) {
            assertThat(OriginalProgram.refusal(PortableWords.module("(module " + fields + ")")))
                    .isEmpty();
            return;
        }
        Module module = PortableWords.module("(module " + fields + ")");
        assertThat(OriginalProgram.refusal(module)).get().asString().contains(reason);
        assertThatThrownBy(() -> CallSites.of(module))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aDataCountSectionIsRefused() {
        byte[] bytes = new WasmBytes()
                .f32(0x6D736100)
                .f32(1)
                .section(12, new WasmBytes().u32(0))
                .section(11, new WasmBytes().u32(0))
                .toArray();
        assertThat(OriginalProgram.refusal(Module.parse(bytes))).hasValue("invalid section id 12");
    }

    @Test
    void segmentsWithALaterEncodingAreRefusedThoughTheySayTheSame() {
        byte[] data = new WasmBytes()
                .f32(0x6D736100)
                .f32(1)
                .section(5, new WasmBytes().u32(1).u8(0).u32(1))
                .section(
                        11,
                        new WasmBytes()
                                .u32(1)
                                .u32(2)
                                .u32(0)
                                .u8(0x41)
                                .s64(0)
                                .u8(0x0B)
                                .u32(1)
                                .u8(7))
                .toArray();
        assertThat(OriginalProgram.refusal(Module.parse(data))).hasValue("data segment 0 isn't as in WebAssembly 1.0");
        byte[] elements = new WasmBytes()
                .f32(0x6D736100)
                .f32(1)
                .section(4, new WasmBytes().u32(1).u8(0x70).u8(0).u32(1))
                .section(
                        9,
                        new WasmBytes()
                                .u32(1)
                                .u32(2)
                                .u32(0)
                                .u8(0x41)
                                .s64(0)
                                .u8(0x0B)
                                .u8(0)
                                .u32(0))
                .toArray();
        assertThat(OriginalProgram.refusal(Module.parse(elements)))
                .hasValue("element segment 0 isn't as in WebAssembly 1.0");
    }

    @Test
    void countsHaveTheOriginalsLimits() {
        assertThat(OriginalProgram.refusal(PortableWords.module("(module " + "(func)".repeat(32_768) + ")")))
                .isEmpty();
        assertThat(OriginalProgram.refusal(PortableWords.module("(module " + "(func)".repeat(32_769) + ")")))
                .hasValue("functions: 32769, at most 32768 are allowed");
        assertThat(refusalOf("(func (param " + "i32 ".repeat(255) + "))")).isEmpty();
        assertThat(refusalOf("(func (param " + "i32 ".repeat(256) + "))")).contains("parameters of type 0");
        assertThat(refusalOf("(func (param i32) (local " + "i32 ".repeat(8_188) + "))"))
                .isEmpty();
        assertThat(refusalOf("(func (param i32) (local " + "i32 ".repeat(8_189) + "))"))
                .contains("locals of function 0");
        assertThat(refusalOf("(global i32 (i32.const 0))".repeat(32))).isEmpty();
        assertThat(refusalOf("(global i32 (i32.const 0))".repeat(33))).contains("globals");
        assertThat(refusalOf("(func (br_table " + "0 ".repeat(65_520) + "(i32.const 0)))"))
                .isEmpty();
        assertThat(refusalOf("(func (br_table " + "0 ".repeat(65_521) + "(i32.const 0)))"))
                .contains("br_table");
        StringBuilder exports = new StringBuilder("(func)");
        for (int i = 0; i < 65; i++) {
            exports.append("(export \"e").append(i).append("\" (func 0))");
        }
        assertThat(refusalOf(exports.toString())).contains("exports");
        assertThat(refusalOf("(func (export \"" + "n".repeat(100_001) + "\"))")).contains("name");
    }

    private static String refusalOf(String fields) {
        return OriginalProgram.refusal(PortableWords.module("(module " + fields + ")"))
                .orElse("");
    }
}
