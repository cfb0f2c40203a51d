// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.callsite.BreakpointException;
import gate.engine.callsite.CallSites;
import gate.engine.callsite.Site;
import gate.engine.callsite.SiteKind;
import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The numbering of reference 7.7, row by row.
final class CallSitesTest {
    /// A body in a module with everything that it may use; its function is the first.
    private static Module body(String code) {
        return PortableWords.module("""
                (module
                  (type $t (func (param i32) (result i32)))
                  (memory 1)
                  (table 4 funcref)
                  (global $g (mut i32) (i32.const 0))
                  (func $f (local $i i32) (local $l i64) (local $s f32) (local $d f64) %s)
                  (func $h (param i32) (result i32) (local.get 0))
                  (func $v)
                  (elem (i32.const 0) $f $h $h))
                """.formatted(code));
    }

    private static List<String> sites(String code, long... breakpoints) {
        return sites(PortableWords.sites(body(code), breakpoints));
    }

    /// Kinds and words of the first function's sites, without its prologue.
    private static List<String> sites(CallSites sites) {
        List<String> found = new ArrayList<>();
        sites.sites(0, site -> {
            assertThat(site.number()).isEqualTo(3 + found.size());
            assertThat(sites.site(site.number())).isEqualTo(site);
            int words = site.stackBytes() < 0 ? -1 : site.stackBytes() / 8 - 5;
            found.add(site.kind() + (words < 0 ? "" : " " + words));
        });
        assertThat(sites.countOf(0)).isEqualTo(found.size());
        assertThat(found.removeFirst()).isEqualTo("PROLOGUE");
        return found;
    }

    @Test
    void aLoadOrStoreHasOneSite() {
        assertThat(sites("""
                (i32.store (i32.const 0) (i32.load offset=4 (local.get $i)))
                (f64.store (i32.const 0) (f64.load (local.get $i)))
                (i64.store32 (i32.const 0) (i64.load8_s (local.get $i)))
                (drop (i32.load offset=0xffffffff (i32.const -1)))""")).hasSize(7).allMatch(site -> site.startsWith("TRAP"));
    }

    @Test
    void aCallHasOneSiteWithItsArgumentsBelow() {
        assertThat(sites("(drop (call $h (i32.const 1)))")).containsExactly("CALL 1");
        assertThat(sites("(drop (i32.add (i32.const 5) (call $h (i32.const 1))))"))
                .containsExactly("CALL 2");
        assertThat(sites("(call $v)")).containsExactly("CALL 0");
    }

    @Test
    void anIndirectCallHasThreeSitesWithoutItsIndex() {
        assertThat(sites("(drop (call_indirect (type $t) (i32.const 1) (i32.const 2)))"))
                .containsExactly("TRAP 2", "TRAP 2", "CALL_INDIRECT 1");
    }

    @ParameterizedTest
    @CsvSource({
        "i32.div_s, 2",
        "i64.div_s, 2",
        "i32.div_u, 1",
        "i64.div_u, 1",
        "i32.rem_s, 1",
        "i64.rem_s, 1",
        "i32.rem_u, 1",
        "i64.rem_u, 1",
        "i32.mul, 0",
        "i64.shl, 0",
        "i32.lt_s, 0",
        "i64.rotr, 0"
    })
    void divisionsHaveASiteForEachTrap(String instruction, int count) {
        String type = instruction.substring(0, 3);
        assertThat(sites("(drop (%s (%s.const 1) (%s.const 2)))".formatted(instruction, type, type)))
                .hasSize(count);
    }

    @ParameterizedTest
    @CsvSource({
        "i32.trunc_f32_s, f32, 1", "i32.trunc_f32_u, f32, 1", "i32.trunc_f64_s, f64, 1", "i32.trunc_f64_u, f64, 1",
        "i64.trunc_f32_s, f32, 1", "i64.trunc_f32_u, f32, 1", "i64.trunc_f64_s, f64, 1", "i64.trunc_f64_u, f64, 1",
        "i32.trunc_sat_f32_u, f32, 0", "i64.trunc_sat_f64_s, f64, 0", "f64.promote_f32, f32, 0", "f32.sqrt, f32, 0",
        "i32.wrap_i64, i64, 0", "i64.extend_i32_u, i32, 0", "i32.extend8_s, i32, 0", "f32.convert_i64_u, i64, 0"
    })
    void truncationsHaveASiteUnlessTheySaturate(String instruction, String type, int count) {
        assertThat(sites("(drop (%s (%s.const 1)))".formatted(instruction, type)))
                .hasSize(count);
    }

    @Test
    void memoryInstructionsHaveASiteEach() {
        assertThat(sites("""
                (drop (memory.size))
                (drop (memory.grow (i32.const 1)))
                (memory.copy (i32.const 0) (i32.const 0) (i32.const 1))
                (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))""")).hasSize(4);
        assertThat(sites("(unreachable)")).containsExactly("TRAP 0");
    }

    @Test
    void whatNeitherTrapsNorCallsHasNone() {
        assertThat(sites("""
                (global.set $g (global.get $g))
                (local.set $i (local.tee $i (i32.const 1)))
                (drop (select (i32.const 1) (i32.const 2) (local.get $i)))
                (block (br_if 0 (local.get $i)) (br 0))
                (block (br_table 0 0 (local.get $i)))
                (if (local.get $i) (then (nop)) (else (return)))
                (return)""")).isEmpty();
    }

    @Test
    void aBranchToALoopHasASiteWithoutItsCondition() {
        assertThat(sites("(loop (br_if 0 (local.get $i)))")).containsExactly("LOOP_BRANCH 0");
        assertThat(sites("(loop (br 0))")).containsExactly("LOOP_BRANCH 0");
        assertThat(sites("(i32.const 7) (loop (br_if 0 (local.get $i))) (drop)"))
                .containsExactly("LOOP_BRANCH 1");
        assertThat(sites("(loop (block (br_if 1 (local.get $i))))")).containsExactly("LOOP_BRANCH 0");
        assertThat(sites("(loop (block (br_if 0 (local.get $i))))")).isEmpty();
    }

    @Test
    void aBranchTableWithALoopHasASiteWithItsIndex() {
        assertThat(sites("(loop (block (br_table 0 1 0 (local.get $i))))")).containsExactly("LOOP_TABLE 1");
        assertThat(sites("(loop (block (br_table 0 0 1 (local.get $i))))")).containsExactly("LOOP_TABLE 1");
        assertThat(sites("(loop (block (br_table 0 0 2 (local.get $i))))")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A call in the same block, direct or not, or an earlier branch.
                "(loop (call $v) (br 0))",
                "(loop (drop (call_indirect (type $t) (i32.const 1) (i32.const 2))) (br_if 0 (local.get $i)))",
                "(block (loop (br_if 0 (local.get $i)) (br_if 0 (local.get $i)) (br 0)))",
                "(loop (br_if 0 (local.get $i)) (br_table 0 0 (local.get $i)))",
                // Both arms of an if are one block.
                "(loop (if (local.get $i) (then (br 1)) (else (br 1))))",
                "(loop (if (local.get $i) (then (call $v)) (else (br 1))))",
                // After one in dead code.
                "(loop (return) (call $v) (br 0))",
                "(loop (br 0) (br 0))"
            })
    void aBlockHasOneSuspensionPointAtMost(String code) {
        assertThat(sites(code).stream().filter(site -> !site.startsWith("TRAP")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // What is in another block says nothing: inside, outside, or before.
                "(loop (block (call $v)) (br 0))",
                "(loop (call $v) (block (br 1)))",
                "(loop (call $v)) (loop (br 0))",
                "(loop (block (br 1)) (br 0))",
                "(loop (br_if 0 (local.get $i)) (if (local.get $i) (then (br 1))))"
            })
    void eachBlockCountsForItself(String code) {
        assertThat(sites(code)).hasSize(2);
    }

    @Test
    void otherInstructionsDoNotCountAsSuspensionPoints() {
        assertThat(sites("""
                (loop (drop (memory.grow (i32.const 1))) (drop (i32.load (i32.const 0)))
                  (memory.fill (i32.const 0) (i32.const 0) (i32.const 1)) (br 0))""")).hasSize(4).contains("LOOP_BRANCH 0");
    }

    @Test
    void deadCodeCounts() {
        assertThat(sites("(return) (drop (i32.div_s)) (call $v) (unreachable) (loop (br 0)) (drop (i32.load))"))
                .containsExactly("TRAP", "TRAP", "CALL", "TRAP", "LOOP_BRANCH", "TRAP");
    }

    @Test
    void deadCodeEndsWithItsBlock() {
        assertThat(sites("(block (br 0) (block (call $v)) (call $v)) (call $v)"))
                .containsExactly("CALL", "CALL", "CALL 0");
        assertThat(sites("(if (local.get $i) (then (return) (call $v)) (else (call $v)))"))
                .containsExactly("CALL", "CALL 0");
        assertThat(sites("(return) (if (local.get $i) (then (call $v)) (else (call $v))) (call $v)"))
                .containsExactly("CALL", "CALL", "CALL");
    }

    // ---- breakpoints ----

    /// What reference 3.6 counts to, for the instruction at an offset.
    private static long breakpoint(Module module, int offset) {
        Section code = module.section(Section.CODE).orElseThrow();
        return offset + 1 - (code.contentStart() + 1);
    }

    @Test
    void aBreakpointAddsASiteBeforeItsInstruction() {
        Module module = body("(i32.const 7) (drop (call $h (i32.const 1))) (drop)");
        Site call = PortableWords.sites(module).site(4);
        assertThat(call.kind()).isEqualTo(SiteKind.CALL);
        CallSites sites = PortableWords.sites(module, breakpoint(module, call.offset()));
        assertThat(sites(sites)).containsExactly("BREAKPOINT 2", "CALL 2");
        assertThat(sites.site(4).offset()).isEqualTo(call.offset());
        assertThat(sites.count()).isEqualTo(PortableWords.sites(module).count() + 1);
        assertThat(sites.firstOf(1)).isEqualTo(PortableWords.sites(module).firstOf(1) + 1);
    }

    @Test
    void breakpointsCanBeOnAnyInstructionAndAreSetOnce() throws BreakpointException {
        Module module = body("(block (nop)) (if (local.get $i) (then) (else (nop))) (return) (nop)");
        int end = module.bodyEnd(0);
        int start = PortableWords.sites(module).site(3).offset();
        List<Long> accepted = new ArrayList<>();
        for (int offset = start; offset < end; offset++) {
            long value = breakpoint(module, offset);
            try {
                assertThat(CallSites.of(module, value, value).countOf(0)).isEqualTo(2);
                accepted.add(value);
            } catch (BreakpointException e) {
                assertThat(e).hasMessage("breakpoint could not be set at offset 0x" + Long.toHexString(value));
                assertThat(e.breakpoint()).isEqualTo(value);
            }
        }
        // block nop end local.get if else nop end return nop end
        assertThat(accepted).hasSize(11);
        long[] all = accepted.stream().mapToLong(Long::longValue).toArray();
        assertThat(CallSites.of(module, all).countOf(0)).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL, 1 << 20})
    void breakpointsElsewhereAreRefused(long value) {
        Module module = body("(nop)");
        assertThatThrownBy(() -> CallSites.of(module, value))
                .isInstanceOf(BreakpointException.class)
                .hasMessage("breakpoint could not be set at offset 0x" + Long.toHexString(value));
    }

    @Test
    void aModuleWithoutCodeHasTheThreeSitesOfEveryProgram() {
        CallSites sites = PortableWords.sites("(module)");
        assertThat(sites.count()).isEqualTo(3);
        assertThatThrownBy(() -> CallSites.of(PortableWords.module("(module)"), 1))
                .isInstanceOf(BreakpointException.class);
        assertThatThrownBy(() -> sites.site(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    // ---- imports ----

    @ParameterizedTest
    @CsvSource({
        "gate, io_65536, 12",
        "env, __gate_io_4294967296, 12",
        "wasi_unstable, fd_write, 6",
        "env, __wasi_fd_write, 6",
        "wasi_snapshot_preview1, poll_oneoff, 34",
        "wasi_snapshot_preview1, environ_get, 13"
    })
    void importsHaveTheSitesOfTheLibrarysFunction(String module, String field, int count) {
        String parameters = field.contains("io_")
                ? "(param i32 i32 i32 i32 i32 i32 i64 i32)"
                : field.contains("environ") ? "(param i32 i32) (result i32)" : "(param i32 i32 i32 i32) (result i32)";
        CallSites sites = PortableWords.sites(
                "(module (import \"%s\" \"%s\" (func %s)) (func))".formatted(module, field, parameters));
        assertThat(sites.firstOf(0)).isEqualTo(3);
        assertThat(sites.firstOf(1)).isEqualTo(3 + count);
        assertThat(sites.site(3).kind()).isEqualTo(SiteKind.IMPORT_PROLOGUE);
        assertThat(sites.site(3).stackBytes()).isEqualTo(8);
        assertThat(sites.site(2 + count).kind()).isEqualTo(SiteKind.IMPORT_INSIDE);
        assertThat(sites.functionOf(2 + count)).isZero();
    }
}
