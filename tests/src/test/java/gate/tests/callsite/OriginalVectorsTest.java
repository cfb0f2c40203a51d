// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.callsite.CallSites;
import gate.engine.callsite.Entries;
import gate.engine.callsite.OriginalStack;
import gate.engine.callsite.RestoredStack;
import gate.engine.callsite.Site;
import gate.engine.callsite.SiteKind;
import gate.engine.runtime.FrameImage;
import gate.engine.snapshot.CorruptSnapshotException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The stacks that reference 7.8 prints, of a module with the same call sites as the one that they were made from.
final class OriginalVectorsTest {
    private static final String MODULE = """
            (module
              (import "env" "__gate_io_65536"
                (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
              (import "env" "__wasi_fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 2)
              (global (mut i32) (i32.const 0x10420))
              (func $loop (export "loop") (local i32)                              ;; 2: 21-24
                (call $discover)
                (call $discover)
                (loop
                  (call $iteration (local.get 0))
                  (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                  (br 0)))
              (func $discover                                                      ;; 3: 25-32
                (i32.store (i32.const 0) (i32.load (i32.const 4)))
                (i32.store (i32.const 0) (i32.load (i32.const 4)))
                (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                  (i32.const 0) (i64.const 0) (i32.const 0))
                (i32.store (i32.const 0) (i32.load (i32.const 4))))
              (func $iteration (param i32)                                         ;; 4: 33-35
                (call $gate_debug (i32.const 1))
                (call $delay))
              (func $gate_debug (param i32)                                        ;; 5: 36-38
                (call $number (i32.const 0x42a))
                (call $number (local.get 0)))
              (func $delay (local i32)                                             ;; 6: 39-40
                (local.set 0 (i32.const 1000000))
                (loop
                  (call $slow_nop)
                  (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
              (func $other                                                         ;; 7: 41-48
                (drop (i32.load (i32.const 0)))
                (drop (i32.load (i32.const 0)))
                (drop (i32.load (i32.const 0)))
                (drop (i32.div_s (i32.const 1) (i32.const 2)))
                (drop (i32.rem_u (i32.const 1) (i32.const 2)))
                (unreachable))
              (func (export "loop2")                                               ;; 8: 49-51
                (call $other)
                (call $other))
              (func $number (param i32)                                            ;; 9: 52-56
                (call $string (local.get 0))
                (drop (call $fd_write (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
                (drop (i32.load (i32.const 0)))
                (unreachable))
              (func $slow_nop                                                      ;; 10: 57-59
                (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                  (i32.const 0) (i64.const 0) (i32.const 0))
                (drop (i32.load (i32.const 0))))
              (func $string (param i32) (local i32 i32 i32 i32)                    ;; 11: 60-62
                (loop
                  (local.set 2 (i32.add (local.get 2) (i32.const 1)))
                  (br_if 0 (i32.load8_u (local.get 2))))))
            """;

    private final CallSites sites = PortableWords.sites(MODULE);
    private final OriginalStack stacks = new OriginalStack(sites);

    @Test
    void theNumbersAreThoseOfTheReference() {
        assertThat(List.of(0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11).stream().map(sites::firstOf))
                .containsExactly(3, 15, 21, 25, 33, 36, 39, 49, 52, 57, 60);
        assertThat(sites.countOf(0)).isEqualTo(12);
        assertThat(sites.countOf(1)).isEqualTo(6);
        assertThat(sites.count()).isEqualTo(63);
        assertThat(site(24)).isEqualTo(List.of(SiteKind.CALL, 2, 24));
        assertThat(site(35)).isEqualTo(List.of(SiteKind.CALL, 4, 8));
        assertThat(site(40)).isEqualTo(List.of(SiteKind.CALL, 6, 16));
        assertThat(site(57)).isEqualTo(List.of(SiteKind.PROLOGUE, 10, 8));
        assertThat(site(62)).isEqualTo(List.of(SiteKind.LOOP_BRANCH, 11, 40));
        assertThat(site(53)).isEqualTo(List.of(SiteKind.CALL, 9, 16));
        assertThat(site(0)).isEqualTo(List.of(SiteKind.ENTER, -1, 16));
        assertThat(site(1)).isEqualTo(List.of(SiteKind.START_RETURN, -1, 8));
        assertThat(site(2)).isEqualTo(List.of(SiteKind.ENTRY_RETURN, -1, 0));
    }

    private List<Object> site(int number) {
        Site site = sites.site(number);
        return List.of(site.kind(), site.function(), site.stackBytes());
    }

    @Test
    void theStackOfAmd64IsReadAndWritten() throws CorruptSnapshotException {
        byte[] stack = PortableWords.stack()
                .frame(57)
                .frame(40, 0x3DA86)
                .frame(35)
                .frame(24, 0, 0)
                .entered();
        assertThat(stack).hasSize(64);
        RestoredStack read = stacks.decode(stack);
        List<FrameImage> frames = read.image().frames();
        assertThat(frames.stream().map(FrameImage::function)).containsExactly(2, 4, 6, 10);
        assertThat(frames.stream().map(FrameImage::inCall)).containsExactly(true, true, true, false);
        assertThat(frames.get(0).locals()).containsExactly(0);
        assertThat(frames.get(1).locals()).containsExactly(0);
        assertThat(frames.get(2).locals()).containsExactly(0x3DA86);
        assertThat(frames.get(3).locals()).isEmpty();
        assertThat(frames).allSatisfy(frame -> assertThat(frame.operands()).isEmpty());
        assertThat(read.image().entry()).isEqualTo(2);
        assertThat(read.image().pending()).isEmpty();
        assertThat(read.entries()).isEqualTo(new Entries(-1, 2));
        assertThat(read.resumable()).isTrue();
        assertThat(stacks.hasSite(frames.getLast())).isTrue();
        assertThat(stacks.encode(read.image(), read.entries())).hasValue(stack);
    }

    @Test
    void theStackOfArm64IsReadAndWrittenWithoutTheGarbage() throws CorruptSnapshotException {
        byte[] stack = PortableWords.stack()
                .frame(62, 0x42B, 1, 0x42B, 1)
                .frame(53, 0x00000823_0000042AL)
                .frame(37, 0x42A)
                .frame(34, 0x00000823_00000001L)
                .frame(24, 0x00000823_00000001L, 1)
                .entered();
        assertThat(stack).hasSize(120);
        RestoredStack read = stacks.decode(stack);
        List<FrameImage> frames = read.image().frames();
        assertThat(frames.stream().map(FrameImage::function)).containsExactly(2, 4, 5, 9, 11);
        assertThat(frames.get(0).locals()).containsExactly(1);
        assertThat(frames.get(1).locals()).containsExactly(1);
        assertThat(frames.get(2).locals()).containsExactly(1);
        assertThat(frames.get(3).locals()).containsExactly(0x42A);
        assertThat(frames.get(4).locals()).containsExactly(0x42A, 1, 0x42B, 1, 0x42B);
        assertThat(frames.get(4).inCall()).isFalse();
        byte[] clean = PortableWords.stack()
                .frame(62, 0x42B, 1, 0x42B, 1)
                .frame(53, 0x42A)
                .frame(37, 0x42A)
                .frame(34, 1)
                .frame(24, 1, 1)
                .entered();
        assertThat(stacks.encode(read.image(), read.entries())).hasValue(clean);
    }
}
