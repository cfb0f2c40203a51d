// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static gate.tests.callsite.PortableWords.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.callsite.CallSites;
import gate.engine.callsite.OriginalStack;
import gate.engine.callsite.RestoredStack;
import gate.engine.callsite.Site;
import gate.engine.callsite.SiteKind;
import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Images;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.wasm.Module;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Stacks that no program has: each check of reference 7.6 and what ours needs beyond.
final class ForgedStackTest {
    private static final Module MODULE = PortableWords.module("""
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (type $one (func (param i32) (result i32)))
              (memory 1)
              (table 3 funcref)
              (func $entry (export "entry") (local i64)
                (drop (call $one (i32.const 1)))
                (drop (call_indirect (type $one) (i32.const 1) (i32.const 1)))
                (drop (call $write (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)))
                (call $void)
                (return)
                (call $void))
              (func $one (param i32) (result i32)
                (loop (br_if 0 (local.get 0)))
                (local.get 0))
              (func $void
                (i64.const 3)
                (loop (i64.const 4) (br_if 0 (i32.load (i32.const 0))) (drop))
                (drop))
              (func $three (param f32 f64) (result i32) (i32.const 0))
              (elem (i32.const 1) $one))
            """);
    private static final CallSites SITES = PortableWords.sites(MODULE);
    private static final OriginalStack STACKS = new OriginalStack(SITES);

    private static final int WRITE = SITES.firstOf(0);
    private static final int ENTRY = SITES.firstOf(1);
    private static final int CALL_ONE = ENTRY + 1;
    private static final int CALL_INDIRECT = ENTRY + 4;
    private static final int CALL_WRITE = ENTRY + 5;
    private static final int CALL_VOID = ENTRY + 6;
    private static final int DEAD_CALL = ENTRY + 7;
    private static final int ONE = SITES.firstOf(2);
    private static final int VOID = SITES.firstOf(3);
    private static final int THREE = SITES.firstOf(4);

    private static void refused(byte[] stack, String message) {
        assertThatThrownBy(() -> STACKS.decode(stack))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theSitesAreWhereTheTestsThink() {
        assertThat(SITES.site(CALL_ONE).kind()).isEqualTo(SiteKind.CALL);
        assertThat(SITES.site(CALL_INDIRECT).kind()).isEqualTo(SiteKind.CALL_INDIRECT);
        assertThat(SITES.site(CALL_WRITE).stackBytes()).isEqualTo(48);
        assertThat(SITES.site(DEAD_CALL).stackBytes()).isEqualTo(-1);
        assertThat(SITES.site(VOID + 2).kind()).isEqualTo(SiteKind.LOOP_BRANCH);
        assertThat(SITES.countOf(1)).isEqualTo(8);
    }

    @Test
    void sizesMustBeWords() {
        refused(new byte[0], "a call stack of 0 bytes");
        refused(new byte[7], "a call stack of 7 bytes");
        refused(new byte[17], "a call stack of 17 bytes");
    }

    @Test
    void aStackMustReachItsBottom() {
        refused(stack().frame(ENTRY).bytes(), "ran out of stack before initial call");
        refused(stack().frameOf(CALL_VOID, 16).bytes(), "ran out of stack before initial call");
        refused(stack().frame(ENTRY).frame(1).bytes(), "ran out of stack before initial call");
        refused(stack().frameOf(0, 16).content(1).bytes(), "ran out of stack before initial call");
        refused(stack().frameOf(CALL_VOID, 0xFFFF_FFF8L, 1).bytes(), "ran out of stack before initial call");
    }

    @Test
    void nothingMayBeLeftOver() {
        refused(stack().frame(ENTRY).frameOf(2, 0, 1, 2).bytes(), "16 bytes of excess data at start of stack");
        refused(stack().frame(ENTRY).frameOf(1, 8, -1, 5).bytes(), "8 bytes of excess data at start of stack");
        refused(stack().frameOf(0, 16, -1, 1, 0).bytes(), "8 bytes of excess data at start of stack");
    }

    @Test
    void sitesMustExist() {
        refused(stack().frame(SITES.count()).entered(), "there is no call site " + SITES.count());
        refused(stack().frame(-1).entered(), "there is no call site 4294967295");
    }

    @Test
    void stackOffsetsMustBeThoseOfTheSites() {
        refused(stack().frameOf(ENTRY, 16, 0).entered(), "stack offset 16 at call site " + ENTRY + ", where it is 8");
        refused(stack().frame(VOID).frame(CALL_VOID).entered(), "where it is 16");
        refused(stack().frame(VOID).frame(CALL_VOID, 0, 0).entered(), "where it is 16");
        refused(stack().frameOf(WRITE, 16, 0).frame(CALL_WRITE, 1, 2, 3, 4, 0).entered(), "where it is 8");
        refused(stack().frameOf(ENTRY, 12).entered(), "a frame of 12 bytes");
        refused(stack().frameOf(ENTRY, 0).entered(), "a frame of 0 bytes");
        refused(stack().frame(ENTRY).frameOf(2, 8).bytes(), "where it is 0");
        refused(stack().frame(ENTRY).frameOf(1, 16, -1).bytes(), "where it is 8");
        refused(stack().frameOf(0, 8, -1, -1).bytes(), "where it is 16");
        refused(stack().frame(VOID + 2).frame(CALL_VOID, 0).entered(), "where it is 24");
        refused(stack().frame(VOID + 2, 1, 2, 3).frame(CALL_VOID, 0).entered(), "where it is 24");
    }

    @Test
    void callersMustHaveTheParametersOfTheirCallees() {
        refused(stack().frame(ONE).entered(), "inconsistent call stack: function 2 has parameters");
        refused(stack().frame(THREE).frame(CALL_VOID, 0).entered(), "inconsistent call stack");
        refused(stack().frame(WRITE).frame(CALL_VOID, 0).entered(), "inconsistent call stack");
    }

    @Test
    void callersMustCallTheirCallees() {
        refused(stack().frame(VOID).frame(CALL_ONE, 1, 0).entered(), "doesn't call function 3");
        refused(stack().frame(THREE).frame(CALL_INDIRECT, 1, 0).entered(), "inconsistent call stack");
        refused(stack().frame(VOID).frame(CALL_WRITE, 1, 2, 3, 4, 0).entered(), "doesn't call function 3");
    }

    @Test
    void callersMustStandAtCalls() {
        refused(stack().frame(VOID).frame(VOID).entered(), "can't stand at call site " + VOID + " in a call");
        refused(stack().frame(VOID).frame(VOID + 2, 4, 3).frame(CALL_VOID, 0).entered(), "in a call");
        refused(stack().frame(VOID).frame(WRITE).entered(), "inconsistent call stack");
        refused(stack().frame(CALL_VOID, 0).entered(), "can't stand at call site " + CALL_VOID);
        refused(stack().frame(WRITE + 1).frame(CALL_WRITE, 1, 2, 3, 4, 0).entered(), "can't stand at call site");
    }

    @Test
    void deadCodeHasNoFrames() {
        refused(
                stack().frame(VOID).frame(DEAD_CALL, 0).entered(),
                "call site " + DEAD_CALL + " is in unreachable code");
    }

    @Test
    void entryAndStartMustBeFunctionsOfTheirTypes() {
        refused(stack().frameOf(0, 16, 9, -1).bytes(), "there is no start function 9");
        refused(stack().frameOf(0, 16, -1, Long.MIN_VALUE).bytes(), "there is no entry function 9223372036854775808");
        refused(stack().frameOf(0, 16, 2, -1).bytes(), "start function 2 has type (param i32) (result i32)");
        refused(stack().frameOf(0, 16, -1, 2).bytes(), "entry function 2 has type");
        refused(stack().frame(VOID).frameOf(1, 8, 4).bytes(), "entry function 4 has type");
        refused(stack().frame(ENTRY).frameOf(0, 16, -1, -1).bytes(), "inconsistent call stack");
    }

    @Test
    void anIndirectCallOfAnImportNeedsItInTheTable() {
        CallSites sites = PortableWords.sites("""
                (module
                  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
                  (table 1 funcref)
                  (func (export "f") (drop (call_indirect (result i32) (i32.const 0)))))
                """);
        byte[] stack = stack().frame(3).frame(sites.firstOf(1) + 3).entered();
        assertThatThrownBy(() -> new OriginalStack(sites).decode(stack))
                .hasMessage("inconsistent call stack: function 0 isn't in the table");
    }

    @Test
    void aStackAtATrapCanBeReadAndNotResumed() throws CorruptSnapshotException {
        RestoredStack read =
                STACKS.decode(stack().frame(VOID + 1, 3).frame(CALL_VOID, 5).entered());
        assertThat(read.resumable()).isFalse();
        assertThat(read.innermost().kind()).isEqualTo(SiteKind.TRAP);
        assertThat(read.image().frames().getLast().operands()).containsExactly(3, 0, 0);
        assertThat(read.image().frames().getFirst().locals()).containsExactly(5);
    }

    /// Whatever is read ends in an image that can be restored, or in one of the two exceptions.
    @Test
    @Timeout(120)
    void forgedStacksAreRefusedOrRestored() {
        SplittableRandom random = new SplittableRandom(7);
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] stack = forged(random);
            try {
                RestoredStack read = STACKS.decode(stack);
                decoded++;
                try (Store store = new Store(StoreOptions.DEFAULT)) {
                    Images.restore(
                            store.allocate(
                                    MODULE,
                                    wanted -> Optional.of(new ImportValue.Host(
                                            call -> HostFunction.Outcome.DONE, MODULE.functionType(wanted.index())))),
                            read.image());
                }
            } catch (CorruptSnapshotException | CorruptImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(decoded).isGreaterThan(500);
    }

    /// Frames of random sites, mostly of the right sizes, on bottoms of all kinds.
    private static byte[] forged(SplittableRandom random) {
        PortableWords stack = stack();
        int[] likely = {ENTRY, VOID, VOID + 2, CALL_VOID, WRITE, CALL_WRITE, CALL_ONE, ONE, ONE + 1, CALL_INDIRECT};
        for (int frames = random.nextInt(4); frames > 0; frames--) {
            int number =
                    random.nextInt(4) == 0 ? 3 + random.nextInt(SITES.count()) : likely[random.nextInt(likely.length)];
            Site site = number < SITES.count() ? SITES.site(number) : new Site(number, SiteKind.CALL, 0, 0, 16);
            int words = random.nextInt(8) == 0 ? random.nextInt(6) : Math.max(1, site.stackBytes() / 8);
            long[] content = random.longs(Math.max(0, words - 1)).toArray();
            stack.frameOf(number, random.nextInt(16) == 0 ? random.nextInt() & 0xFFFF_FFFFL : 8L * words, content);
        }
        return switch (random.nextInt(8)) {
            case 0 ->
                stack.frameOf(0, 16, random.nextInt(8) - 1, random.nextInt(8) - 1)
                        .bytes();
            case 1, 2 -> stack.frameOf(1, 8, random.nextInt(8) - 1).bytes();
            case 3 -> stack.bytes();
            default -> stack.entered();
        };
    }

    @Test
    @Timeout(60)
    void deepStacksTakeTimeInProportion() throws CorruptSnapshotException {
        CallSites sites = PortableWords.sites("(module (func $f (export \"f\") (call $f)))");
        OriginalStack stacks = new OriginalStack(sites);
        long[] words = new long[1 << 20];
        Arrays.fill(words, 8L << 32 | 4);
        words[0] = 8L << 32 | 3;
        words[words.length - 1] = 2;
        byte[] stack = PortableWords.bytes(words);
        RestoredStack read = stacks.decode(stack);
        assertThat(read.image().frames()).hasSize(words.length - 1);
    }

    @Test
    @Timeout(60)
    void framesAtEveryCallOfALargeFunctionTakeTimeInProportion() throws CorruptSnapshotException {
        int calls = 50_000;
        CallSites sites =
                PortableWords.sites("(module (func $f (export \"f\") (local i64) " + "(call $f)".repeat(calls) + "))");
        PortableWords stack = stack().frame(3);
        for (int i = 0; i < calls; i++) {
            stack.frame(4 + i, i);
        }
        RestoredStack read = new OriginalStack(sites).decode(stack.entered());
        assertThat(read.image().frames()).hasSize(calls + 1);
        assertThat(read.image().frames().get(0).locals()).containsExactly(calls - 1);
    }
}
