// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static gate.tests.callsite.PortableWords.stack;
import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.callsite.CallSites;
import gate.engine.callsite.Entries;
import gate.engine.callsite.OriginalStack;
import gate.engine.callsite.RestoredStack;
import gate.engine.callsite.Site;
import gate.engine.callsite.SiteKind;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Images;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// At which site a frame is written, and the bottoms of stacks: reference 7.5 and 7.6.
final class StandingTest {
    private static final String IO =
            "(import \"wasi_snapshot_preview1\" \"fd_write\"" + " (func $io (param i32 i32 i32 i32) (result i32)))";

    private static ExecutionImage image(int entry, FrameImage... frames) {
        return new ExecutionImage(-1, 0, entry, List.of(frames), List.of(), false, 0, 0);
    }

    private static ExecutionImage pending(int... functions) {
        List<ExecutionImage.PendingCall> calls = new ArrayList<>();
        for (int function : functions) {
            calls.add(new ExecutionImage.PendingCall(function, new long[0]));
        }
        return new ExecutionImage(-1, 0, -1, List.of(), calls, false, 0, 0);
    }

    private static FrameImage at(int function, int offset, long[] locals, long... operands) {
        return new FrameImage(function, offset, false, locals, operands);
    }

    private static long[] longs(long... values) {
        return values;
    }

    /// Offset of a defined function's site by its number from the prologue.
    private static Site site(CallSites sites, int function, int number) {
        return sites.site(sites.firstOf(function) + number);
    }

    // ---- bottoms ----

    private static final String TWO = "(module (func $s) (func (export \"e\") (result i32) (i32.const 1)) (start $s))";

    private final OriginalStack two = new OriginalStack(PortableWords.sites(TWO));

    private void bothWays(OriginalStack stacks, ExecutionImage image, Entries entries, byte[] expected)
            throws CorruptSnapshotException {
        assertThat(stacks.encode(image, entries)).hasValue(expected);
        RestoredStack read = stacks.decode(expected);
        assertThat(stacks.encode(read.image(), read.entries())).hasValue(expected);
        assertThat(read.image().entry()).isEqualTo(image.entry());
        assertThat(read.image().pending().stream().map(ExecutionImage.PendingCall::function))
                .isEqualTo(image.pending().stream()
                        .map(ExecutionImage.PendingCall::function)
                        .toList());
    }

    @Test
    void whatHasNotRunIsTheInitialStack() throws CorruptSnapshotException {
        bothWays(
                two,
                pending(0, 1),
                new Entries(0, 1),
                stack().frameOf(0, 16, 0, 1).bytes());
        bothWays(
                two,
                pending(1),
                new Entries(0, 1),
                stack().frameOf(0, 16, -1, 1).bytes());
        bothWays(
                two,
                pending(0),
                new Entries(0, -1),
                stack().frameOf(0, 16, 0, -1).bytes());
        bothWays(
                two,
                pending(),
                new Entries(-1, -1),
                stack().frameOf(0, 16, -1, -1).bytes());
    }

    @Test
    void aFunctionInProgressIsTheStartFunctionOrTheEntry() throws CorruptSnapshotException {
        int start = site(two.sites(), 0, 0).offset();
        int entry = site(two.sites(), 1, 0).offset();
        bothWays(
                two,
                image(1, at(1, entry, longs())),
                new Entries(0, 1),
                stack().frame(two.sites().firstOf(1)).entered());
        ExecutionImage starting = new ExecutionImage(
                -1, 0, 0, List.of(at(0, start, longs())), pending(1).pending(), false, 0, 0);
        bothWays(
                two,
                starting,
                new Entries(0, 1),
                stack().frame(3).frameOf(1, 8, 1).bytes());
        bothWays(
                two,
                image(0, at(0, start, longs())),
                new Entries(0, -1),
                stack().frame(3).frameOf(1, 8, -1).bytes());
        bothWays(
                two,
                image(0, at(0, start, longs())),
                new Entries(-1, 0),
                stack().frame(3).entered());
    }

    @Test
    void theOriginalsMistakenMarkForNoEntryIsAccepted() throws CorruptSnapshotException {
        RestoredStack read =
                two.decode(stack().frame(3).frameOf(1, 8, 0xFFFF_FFFFL).bytes());
        assertThat(read.entries()).isEqualTo(new Entries(0, -1));
        assertThat(read.image().pending()).isEmpty();
        assertThat(two.decode(stack().frameOf(0, 16, 0xFFFF_FFFFL, 1).bytes()).entries())
                .isEqualTo(new Entries(-1, 1));
    }

    @Test
    void aStackWithoutFramesHasItsEntryPending() throws CorruptSnapshotException {
        RestoredStack read = two.decode(stack().frameOf(1, 8, 1).bytes());
        assertThat(read.image().entry()).isEqualTo(-1);
        assertThat(read.image().pending())
                .singleElement()
                .satisfies(call -> assertThat(call.function()).isEqualTo(1));
        assertThat(two.decode(stack().entered()).image().pending()).isEmpty();
    }

    @Test
    void anImportedEntryIsPendingAgain() throws CorruptSnapshotException {
        OriginalStack stacks = new OriginalStack(PortableWords.sites(
                "(module (import \"wasi_unstable\" \"sched_yield\" (func $y (result i32))) (export \"e\" (func $y)))"));
        RestoredStack read = stacks.decode(stack().frame(3).entered());
        assertThat(read.image().frames()).isEmpty();
        assertThat(read.image().pending())
                .singleElement()
                .satisfies(call -> assertThat(call.function()).isZero());
    }

    @Test
    void whatIsNotInitialisedHasToRunOn() {
        ExecutionImage image = new ExecutionImage(
                0, 0, -1, List.of(), List.of(new ExecutionImage.PendingCall(1, new long[0])), false, 0, 0);
        assertThat(two.encode(image, new Entries(0, 1))).isEmpty();
    }

    @Test
    void imagesOfOtherThingsThanProgramsHaveNoStack() {
        assertThat(two.encode(pending(0, 1, 1), new Entries(0, 1))).isEmpty();
        int start = site(two.sites(), 0, 0).offset();
        ExecutionImage image = new ExecutionImage(
                -1, 0, 0, List.of(at(0, start, longs())), pending(1, 1).pending(), false, 0, 0);
        assertThat(two.encode(image, new Entries(0, 1))).isEmpty();
        OriginalStack parameters = new OriginalStack(PortableWords.sites("(module (func (export \"f\") (param i32)))"));
        assertThat(parameters.encode(pending(0), new Entries(-1, 0))).isEmpty();
    }

    // ---- places ----

    @Test
    void aFunctionWithZeroLocalsAtItsBeginningIsAtItsPrologue() {
        OriginalStack stacks = new OriginalStack(
                PortableWords.sites("(module (memory 1) (func (local i32) (i32.store (local.get 0) (i32.const 5))))"));
        int start = site(stacks.sites(), 0, 0).offset();
        int store = site(stacks.sites(), 0, 1).offset();
        assertThat(stacks.hasSite(at(0, start, longs(0)))).isTrue();
        assertThat(stacks.hasSite(at(0, start, longs(1)))).isFalse();
        // Constants and locals may have been pushed.
        assertThat(stacks.hasSite(at(0, start + 2, longs(0), 0))).isTrue();
        assertThat(stacks.hasSite(at(0, store, longs(0), 0, 5))).isTrue();
        assertThat(stacks.hasSite(at(0, store, longs(0), 0, 6))).isFalse();
        assertThat(stacks.hasSite(at(0, store, longs(0), 1, 5))).isFalse();
        assertThat(stacks.encode(image(0, at(0, store, longs(0), 0, 5)), new Entries(-1, 0)))
                .hasValue(stack().frame(3).entered());
    }

    @Test
    void aLoopsBeginningIsAtABranchThatDropsNothing() {
        OriginalStack stacks = new OriginalStack(PortableWords.sites("""
                (module (func (local i32) (i64.const 9)
                  (loop
                    (block (i32.const 1) (br_if 1 (local.get 0)) (drop))
                    (local.set 0 (i32.const 1))
                    (br 0)) (drop)))"""));
        int loop = site(stacks.sites(), 0, 0).offset() + 4;
        int second = site(stacks.sites(), 0, 2).number();
        assertThat(site(stacks.sites(), 0, 1).kind()).isEqualTo(SiteKind.LOOP_BRANCH);
        assertThat(stacks.encode(image(0, at(0, loop, longs(3), -9)), new Entries(-1, 0)))
                .hasValue(stack().frame(second, -9, 3).entered());
    }

    @Test
    void aLoopWithoutASiteOfItsOwnHasNone() {
        OriginalStack stacks = new OriginalStack(PortableWords.sites("""
                (module (func $v) (func (local i32)
                  (loop (call $v) (br_if 0 (local.tee 0 (i32.const 1))))))"""));
        int call = site(stacks.sites(), 1, 1).offset();
        int tee = call + 2;
        assertThat(stacks.hasSite(at(1, tee, longs(1)))).isFalse();
        // About to call is where the callee begins.
        assertThat(stacks.encode(image(1, at(1, call, longs(7))), new Entries(-1, 1)))
                .hasValue(stack().frame(3)
                        .frame(site(stacks.sites(), 1, 1).number(), 7)
                        .entered());
    }

    @Test
    void aLoopsBeginningCanBeAtABranchTableWithZerosForWhatItDrops() throws CorruptSnapshotException {
        OriginalStack stacks = new OriginalStack(PortableWords.sites("""
                (module (func (local i32)
                  (loop
                    (local.set 0 (i32.const 5))
                    (i64.const 7)
                    (block (br_table 0 1 0 (local.get 0)))
                    (drop))))"""));
        int loop = site(stacks.sites(), 0, 0).offset() + 2;
        Site table = site(stacks.sites(), 0, 1);
        assertThat(table.kind()).isEqualTo(SiteKind.LOOP_TABLE);
        byte[] stack = stack().frame(table.number(), 1, 0, 3).entered();
        assertThat(stacks.encode(image(0, at(0, loop, longs(3))), new Entries(-1, 0)))
                .hasValue(stack);
        FrameImage read = stacks.decode(stack).image().frames().getFirst();
        assertThat(read.offset()).isEqualTo(table.offset());
        assertThat(read.operands()).containsExactly(0, 1);
        assertThat(read.locals()).containsExactly(3);
        assertThat(stacks.encode(image(0, read), new Entries(-1, 0))).hasValue(stack);
    }

    @Test
    void aCallOfAnImportToBeMadeAgainHasItsPrologueOnTop() throws CorruptSnapshotException {
        OriginalStack stacks = new OriginalStack(PortableWords.sites("(module " + IO + """
                (table 4 funcref) (elem (i32.const 2) $io)
                (func (local i64) (i64.const 3)
                  (drop (call $io (i32.const 1) (i32.const 2) (i32.const 3) (i32.const -4)))
                  (drop (call_indirect (param i32 i32 i32 i32) (result i32)
                    (i32.const 1) (i32.const 2) (i32.const 3) (i32.const -4) (i32.const 2)))
                  (drop)))"""));
        Site direct = site(stacks.sites(), 1, 1);
        byte[] stack = stack().frame(3)
                .frame(direct.number(), 0xFFFF_FFFCL, 3, 2, 1, 3, 9)
                .entered();
        assertThat(stacks.encode(image(1, at(1, direct.offset(), longs(9), 3, 1, 2, 3, -4)), new Entries(-1, 1)))
                .hasValue(stack);
        FrameImage read = stacks.decode(stack).image().frames().getFirst();
        assertThat(read.inCall()).isFalse();
        assertThat(read.operands()).containsExactly(3, 1, 2, 3, -4);
        Site indirect = site(stacks.sites(), 1, 4);
        byte[] other = stack().frame(3)
                .frame(indirect.number(), 0xFFFF_FFFCL, 3, 2, 1, 3, 9)
                .entered();
        assertThat(stacks.encode(image(1, at(1, indirect.offset(), longs(9), 3, 1, 2, 3, -4, 2)), new Entries(-1, 1)))
                .hasValue(other);
        assertThat(stacks.decode(other).image().frames().getFirst().operands()).containsExactly(3, 1, 2, 3, -4, 2);
        // One that would trap isn't about to call.
        assertThat(stacks.hasSite(at(1, indirect.offset(), longs(9), 3, 1, 2, 3, -4, 0)))
                .isFalse();
        assertThat(stacks.hasSite(at(1, indirect.offset(), longs(9), 3, 1, 2, 3, -4, 77)))
                .isFalse();
    }

    @Test
    void anIndirectCallToBeMadeAgainTakesTheElementThatItsIndexSays() throws Exception {
        OriginalStack stacks = new OriginalStack(PortableWords.sites("""
                (module
                  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
                  (table 4 funcref) (elem (i32.const 1) $yield $yield $yield)
                  (func (export "f") (local $i i32)
                    (drop (call_indirect (result i32) (local.get $i)))
                    (drop (call_indirect (result i32) (local.tee $i (i32.add (local.get $i) (i32.const 1)))))
                    (drop (call_indirect (result i32) (i32.const 3)))
                    (drop (call_indirect (result i32) (i32.add (local.get $i) (i32.const 1))))))"""));
        int[] callSites = {4, 7, 10, 13};
        int[] expected = {2, 2, 3, 1};
        for (int i = 0; i < 4; i++) {
            Site site = site(stacks.sites(), 1, 3 * (i + 1));
            assertThat(site.number()).isEqualTo(callSites[i] + 3);
            RestoredStack read =
                    stacks.decode(stack().frame(3).frame(site.number(), 2).entered());
            assertThat(read.image().frames().getFirst().operands()).containsExactly(expected[i]);
            try (Store store = new Store(StoreOptions.DEFAULT)) {
                Imports imports = wanted -> Optional.of(new ImportValue.Host(
                        call -> HostFunction.Outcome.DONE,
                        stacks.sites().module().functionType(0)));
                Images.restore(store.allocate(stacks.sites().module(), imports), read.image());
            }
        }
    }

    @Test
    @Timeout(60)
    void largeFunctionsTakeTimeInProportion() {
        int depth = 100_000;
        OriginalStack stacks =
                new OriginalStack(PortableWords.sites("(module (func (local i32)" + "(loop ".repeat(depth)
                        + "(br_if 0 (local.get 0))" + ")".repeat(depth)
                        + "(loop (br_table 0 0 0 0 0 0 (local.get 0)))".repeat(depth / 10) + "))"));
        int innermost = site(stacks.sites(), 0, 0).offset() + 2 * depth;
        assertThat(stacks.encode(image(0, at(0, innermost, longs(1))), new Entries(-1, 0)))
                .hasValue(stack().frame(4, 1).entered());
    }

    @Test
    void parametersAreInTheCallersFrame() throws CorruptSnapshotException {
        OriginalStack stacks = new OriginalStack(PortableWords.sites("""
                (module
                  (func $f (param i32 f32 i64) (local f64) (nop))
                  (func (local i32) (i64.const 8)
                    (call $f (i32.const 1) (f32.const 2) (i64.const 3))
                    (drop)))"""));
        Site call = site(stacks.sites(), 1, 1);
        int start = site(stacks.sites(), 0, 0).offset();
        int bits = Float.floatToRawIntBits(-2);
        ExecutionImage image = image(
                1, new FrameImage(1, call.offset(), true, longs(-5), longs(8)), at(0, start, longs(-1, bits, -3, 0)));
        byte[] stack = stack().frame(3)
                .frame(call.number(), -3, bits & 0xFFFF_FFFFL, 0xFFFF_FFFFL, 8, 0xFFFF_FFFBL)
                .entered();
        assertThat(stacks.encode(image, new Entries(-1, 1))).hasValue(stack);
        List<FrameImage> read = stacks.decode(stack).image().frames();
        assertThat(read.getFirst().inCall()).isTrue();
        assertThat(read.getFirst().locals()).containsExactly(-5);
        assertThat(read.getFirst().operands()).containsExactly(8);
        assertThat(read.getLast().locals()).containsExactly(-1, bits, -3, 0);
    }

    @Test
    void aBreakpointIsASiteAtItsInstruction() throws CorruptSnapshotException {
        Module module = PortableWords.module(
                "(module (func (local i32) (drop (i32.add (local.tee 0 (i32.const 1)) (local.tee 0 (i32.const 2))))))");
        int first = PortableWords.sites(module).site(3).offset();
        int add = first + 8;
        Section code = module.section(Section.CODE).orElseThrow();
        OriginalStack stacks = new OriginalStack(PortableWords.sites(module, add + 1 - (code.contentStart() + 1)));
        FrameImage frame = at(0, add, longs(2), 1, 2);
        assertThat(new OriginalStack(PortableWords.sites(module)).hasSite(frame))
                .isFalse();
        byte[] stack = stack().frame(4, 2, 1, 2).entered();
        assertThat(stacks.encode(image(0, frame), new Entries(-1, 0))).hasValue(stack);
        RestoredStack read = stacks.decode(stack);
        assertThat(read.resumable()).isTrue();
        assertThat(read.innermost().kind()).isEqualTo(SiteKind.BREAKPOINT);
        assertThat(read.image().frames().getFirst().offset()).isEqualTo(add);
        assertThat(read.image().frames().getFirst().operands()).containsExactly(1, 2);
        assertThat(Optional.of(read.image().frames().getFirst().locals()[0])).hasValue(2L);
    }
}
