// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.CREAT;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.FOLLOW;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import gate.executor.host.wasi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Someone else swaps names for links that lead out while paths through them are being resolved.
@Tag("slow")
class PathRaceHammerTest {
    private static final long HAMMER_NANOS = 1_500_000_000L;

    @TempDir
    private Path temporary;

    @FunctionalInterface
    private interface Attack {
        void step() throws IOException;
    }

    @FunctionalInterface
    private interface Attempt {
        Errno make(WasiGuest guest);
    }

    private Path outside;
    private Path inside;

    @BeforeEach
    void prepare() throws IOException {
        outside = Files.createDirectory(temporary.resolve("outside"));
        Files.createDirectory(outside.resolve("dir"));
        Files.writeString(outside.resolve("dir/file"), "secret");
        inside = Files.createDirectory(temporary.resolve("inside"));
        Files.createDirectories(inside.resolve("real/dir"));
        Files.writeString(inside.resolve("real/dir/file"), "inside");
        Files.createSymbolicLink(inside.resolve("evil"), outside);
        Files.move(inside.resolve("real"), inside.resolve("name"));
    }

    /// Runs `attempt` again and again while another thread runs `attack`.
    private Map<Errno, Integer> hammer(Attack attack, Attempt attempt) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread attacker = new Thread(() -> {
            try {
                while (!stop.get()) {
                    attack.step();
                }
            } catch (IOException | RuntimeException e) {
                failure.set(e);
            }
        });
        Map<Errno, Integer> outcomes = new EnumMap<>(Errno.class);
        attacker.start();
        try (WasiGuest guest = WasiGuest.in(inside)) {
            long end = System.nanoTime() + HAMMER_NANOS;
            while (System.nanoTime() < end) {
                outcomes.merge(attempt.make(guest), 1, Integer::sum);
            }
        } finally {
            stop.set(true);
            attacker.join();
        }
        assertThat(failure.get()).isNull();
        return outcomes;
    }

    /// `name` is a directory, then a link out, and back.
    private void swapDirectoryAndLink() throws IOException {
        Files.move(inside.resolve("name"), inside.resolve("real"));
        Files.move(inside.resolve("evil"), inside.resolve("name"));
        Files.move(inside.resolve("name"), inside.resolve("evil"));
        Files.move(inside.resolve("real"), inside.resolve("name"));
    }

    @Test
    void readingThroughANameThatBecomesALinkNeverReadsOutside() throws Exception {
        Map<Errno, Integer> outcomes = hammer(this::swapDirectoryAndLink, guest -> {
            Errno errno = guest.open(DIR, "name/dir/file", FOLLOW, 0, READ, 0);
            if (errno == Errno.SUCCESS) {
                int file = guest.result();
                assertThat(guest.read(file, 100)).isEqualTo("inside");
                guest.done("fd_close", file);
            }
            return errno;
        });
        assertThat(outcomes.keySet()).isSubsetOf(Errno.SUCCESS, Errno.NOENT, Errno.NOTDIR, Errno.NOTCAPABLE);
        assertThat(outcomes).containsKeys(Errno.SUCCESS, Errno.NOENT);
    }

    @Test
    void writingThroughANameThatBecomesALinkNeverWritesOutside() throws Exception {
        int[] number = {0};
        Map<Errno, Integer> outcomes = hammer(this::swapDirectoryAndLink, guest -> {
            String name = "name/dir/new" + number[0]++;
            Errno errno = guest.open(DIR, name, FOLLOW, CREAT, WRITE, 0);
            if (errno == Errno.SUCCESS) {
                guest.done("fd_close", guest.memory.loadInt(RESULT));
                Errno unlinked = guest.pathCall("path_unlink_file", DIR, name);
                assertThat(unlinked).isIn(Errno.SUCCESS, Errno.NOENT, Errno.NOTCAPABLE);
            }
            return errno;
        });
        assertThat(outcomes.keySet()).isSubsetOf(Errno.SUCCESS, Errno.NOENT, Errno.NOTDIR, Errno.NOTCAPABLE);
        assertThat(outcomes).containsKey(Errno.SUCCESS);
        try (var files = Files.list(outside.resolve("dir"))) {
            assertThat(files.count()).isEqualTo(1);
        }
    }

    @Test
    void aFileThatBecomesALinkIsNeverOpenedThroughIt() throws Exception {
        Path file = inside.resolve("name/dir/file");
        Path link = inside.resolve("name/dir/link");
        Path kept = inside.resolve("name/dir/kept");
        Files.createLink(kept, file);
        Map<Errno, Integer> outcomes = hammer(
                () -> {
                    Files.createSymbolicLink(link, outside.resolve("dir/file"));
                    Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
                    Files.createLink(link, kept);
                    Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
                },
                guest -> {
                    Errno errno = guest.open(DIR, "name/dir/file", FOLLOW, 0, READ | WRITE, 0);
                    if (errno == Errno.SUCCESS) {
                        int opened = guest.result();
                        assertThat(guest.read(opened, 100)).isEqualTo("inside");
                        guest.done("fd_close", opened);
                    }
                    return errno;
                });
        assertThat(outcomes.keySet()).isSubsetOf(Errno.SUCCESS, Errno.NOTCAPABLE);
        assertThat(outcomes).containsKeys(Errno.SUCCESS, Errno.NOTCAPABLE);
    }

    @Test
    void dotDotOfADirectoryThatIsMovedOutsideNeverLeadsThere() throws Exception {
        Files.writeString(outside.resolve("mark"), "outside");
        Files.createDirectories(inside.resolve("name/dir/deep"));
        Map<Errno, Integer> outcomes = hammer(
                () -> {
                    Files.move(inside.resolve("name/dir"), outside.resolve("moved"));
                    Files.move(outside.resolve("moved"), inside.resolve("name/dir"));
                },
                guest -> {
                    assertThat(guest.stat(DIR, "name/dir/deep/../../mark", FOLLOW))
                            .isEqualTo(Errno.NOENT);
                    return guest.stat(DIR, "name/dir/deep/../../dir", FOLLOW);
                });
        assertThat(outcomes.keySet()).isSubsetOf(Errno.SUCCESS, Errno.NOENT);
        assertThat(outcomes).containsKey(Errno.SUCCESS);
    }
}
