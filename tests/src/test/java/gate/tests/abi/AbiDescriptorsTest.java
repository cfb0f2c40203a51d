// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static gate.tests.abi.AbiGuest.BADF;
import static gate.tests.abi.AbiGuest.FAULT;
import static gate.tests.abi.AbiGuest.INVAL;
import static gate.tests.abi.AbiGuest.NOTCAPABLE;
import static gate.tests.abi.AbiGuest.NOTSOCK;
import static gate.tests.abi.AbiGuest.PERM;
import static gate.tests.abi.AbiGuest.RESULT;
import static gate.tests.abi.AbiGuest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Trap;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is done to descriptors, paths and sockets. Descriptors are 0, 1, 2 and 4, and there are no files.
final class AbiDescriptorsTest {
    private static final Set<Integer> EXISTING = Set.of(0, 1, 2, 4);
    private static final int[] DESCRIPTORS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, Integer.MIN_VALUE, Integer.MAX_VALUE};
    private static final long READ = 0x2;
    private static final long WRITE = 0x40;

    private AbiGuest guest = AbiGuest.of("descriptors.wat");

    private void use(String file) {
        guest.close();
        guest = AbiGuest.of(file);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private static int refused(int descriptor) {
        return EXISTING.contains(descriptor) ? PERM : BADF;
    }

    /// Other arguments are all alike: nobody looks at them.
    private void assertRefused(String function, int parameters, int position) {
        for (int descriptor : DESCRIPTORS) {
            for (long other : new long[] {0, 8, -1, Long.MIN_VALUE}) {
                long[] arguments = new long[parameters];
                Arrays.fill(arguments, other);
                arguments[position] = descriptor;
                assertThat(guest.call(function, arguments))
                        .as("%s of %d with %d", function, descriptor, other)
                        .isEqualTo(refused(descriptor));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fd_advise, 4",
        "fd_allocate, 3",
        "fd_datasync, 1",
        "fd_fdstat_set_flags, 2",
        "fd_filestat_get, 2",
        "fd_filestat_set_size, 2",
        "fd_filestat_set_times, 4",
        "fd_pread, 5",
        "fd_prestat_get, 2",
        "fd_pwrite, 5",
        "fd_readdir, 5",
        "fd_seek, 4",
        "fd_sync, 1",
        "fd_tell, 2",
    })
    void whatNeedsAFileIsRefused(String function, int parameters) {
        assertRefused(function, parameters, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "path_create_directory, 3, 0",
        "path_filestat_get, 5, 0",
        "path_filestat_set_times, 7, 0",
        "path_open, 9, 0",
        "path_readlink, 6, 0",
        "path_remove_directory, 3, 0",
        "path_symlink, 5, 2",
        "path_unlink_file, 3, 0",
    })
    void whatNeedsADirectoryIsRefused(String function, int parameters, int position) {
        use("paths.wat");
        assertRefused(function, parameters, position);
    }

    @ParameterizedTest
    @CsvSource({"path_link, 7, 4", "path_rename, 6, 3"})
    void whatNeedsTwoDirectoriesIsRefused(String function, int parameters, int second) {
        use("paths.wat");
        for (int one : DESCRIPTORS) {
            for (int other : DESCRIPTORS) {
                long[] arguments = new long[parameters];
                arguments[0] = one;
                arguments[second] = other;
                boolean both = EXISTING.contains(one) && EXISTING.contains(other);
                assertThat(guest.call(function, arguments)).isEqualTo(both ? PERM : BADF);
            }
        }
    }

    @Test
    void socketsDoNotExist() {
        use("sockets.wat");
        assertRefused("sock_shutdown", 2, 0);
        for (int descriptor : DESCRIPTORS) {
            int receive = descriptor == 4 ? NOTSOCK : refused(descriptor);
            assertThat(guest.call("sock_recv", descriptor, 0, 0, 0, 0, 0)).isEqualTo(receive);
            boolean written = descriptor == 1 || descriptor == 2 || descriptor == 4;
            int send = written ? NOTSOCK : refused(descriptor);
            assertThat(guest.call("sock_send", descriptor, -1, -1, -1, -1)).isEqualTo(send);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4})
    void closingSuspends(int descriptor) {
        guest.deficient("fd_close", descriptor);
        assertThat(guest.resume()).isEqualTo(Status.SUSPENDED);
        assertThat(guest.abi.deficiency()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, -1, 100, Integer.MAX_VALUE})
    void whatIsNotOpenCannotBeClosed(int descriptor) {
        assertThat(guest.call("fd_close", descriptor)).isEqualTo(BADF);
    }

    @Test
    void renumberingToItselfIsNothing() {
        for (int descriptor : DESCRIPTORS) {
            boolean exists = EXISTING.contains(descriptor);
            assertThat(guest.call("fd_renumber", descriptor, descriptor)).isEqualTo(exists ? SUCCESS : BADF);
            for (int absent : new int[] {3, 5, -1}) {
                assertThat(guest.call("fd_renumber", descriptor, absent)).isEqualTo(BADF);
                assertThat(guest.call("fd_renumber", absent, descriptor)).isEqualTo(BADF);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 0", "4, 1", "1, 4"})
    void renumberingSuspends(int from, int to) {
        guest.deficient("fd_renumber", from, to);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, 0x40", "2, 0, 0x40", "4, 4, 0x42"})
    void statusTellsWhatCanBeDone(int descriptor, int flags, String rights) {
        guest.memory.slice(RESULT, 32).fill((byte) -1);
        assertThat(guest.call("fd_fdstat_get", descriptor, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadShort(RESULT)).isZero();
        assertThat(guest.memory.loadShort(RESULT + 2)).isEqualTo((short) flags);
        assertThat(guest.memory.loadInt(RESULT + 4)).isZero();
        assertThat(guest.memory.loadLong(RESULT + 8)).isEqualTo(Long.decode(rights));
        assertThat(guest.memory.loadLong(RESULT + 16)).isZero();
        assertThat(guest.memory.loadLong(RESULT + 24)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, -1})
    void statusOfNothingIsRefused(int descriptor) {
        assertThat(guest.call("fd_fdstat_get", descriptor, RESULT)).isEqualTo(BADF);
        assertThat(guest.call("fd_fdstat_get", descriptor, -1)).isEqualTo(BADF);
        assertThat(guest.call("fd_fdstat_get", descriptor, 0)).isEqualTo(FAULT);
    }

    @Test
    void statusHasNoPlaceAtZeroOrBeyondMemory() {
        assertThat(guest.call("fd_fdstat_get", 4, 0)).isEqualTo(FAULT);
        assertThat(guest.call("fd_fdstat_get", 4, Memory.PAGE_BYTES - 24)).isEqualTo(SUCCESS);
        assertThatThrownBy(() -> guest.start("fd_fdstat_get", 4, Memory.PAGE_BYTES - 23))
                .isInstanceOf(Trap.class);
    }

    @Test
    void sameRightsCanBeSet() {
        assertThat(guest.call("fd_fdstat_set_rights", 0, 0, 0)).isEqualTo(SUCCESS);
        assertThat(guest.call("fd_fdstat_set_rights", 1, WRITE, 0)).isEqualTo(SUCCESS);
        assertThat(guest.call("fd_fdstat_set_rights", 2, WRITE, 0)).isEqualTo(SUCCESS);
        assertThat(guest.call("fd_fdstat_set_rights", 4, READ | WRITE, 0)).isEqualTo(SUCCESS);
    }

    @Test
    void rightsCannotBeAdded() {
        assertThat(guest.call("fd_fdstat_set_rights", 0, WRITE, 0)).isEqualTo(NOTCAPABLE);
        for (int bit = 0; bit < 64; bit++) {
            long right = 1L << bit;
            if (right != WRITE) {
                assertThat(guest.call("fd_fdstat_set_rights", 1, WRITE | right, 0))
                        .isEqualTo(NOTCAPABLE);
                assertThat(guest.call("fd_fdstat_set_rights", 2, right, 0)).isEqualTo(NOTCAPABLE);
            }
            if (right != READ && right != WRITE) {
                assertThat(guest.call("fd_fdstat_set_rights", 4, READ | WRITE | right, 0))
                        .isEqualTo(NOTCAPABLE);
            }
        }
    }

    @Test
    void rightsCannotBeInherited() {
        for (int descriptor : new int[] {0, 1, 2, 3, 4}) {
            for (long inheriting : new long[] {1, WRITE, -1, Long.MIN_VALUE}) {
                assertThat(guest.call("fd_fdstat_set_rights", descriptor, WRITE, inheriting))
                        .isEqualTo(NOTCAPABLE);
            }
        }
    }

    @Test
    void whatIsNotOpenHasNoRights() {
        assertThat(guest.call("fd_fdstat_set_rights", 3, 0, 0)).isEqualTo(BADF);
        assertThat(guest.call("fd_fdstat_set_rights", 5, -1, 0)).isEqualTo(BADF);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "4, 0", "4, 0x2", "4, 0x40"})
    void givingRightsUpSuspends(int descriptor, String rights) {
        guest.deficient("fd_fdstat_set_rights", descriptor, Long.decode(rights), 0);
    }

    @Test
    void nothingIsOpenedBeforehand() {
        for (int descriptor : DESCRIPTORS) {
            int expected = EXISTING.contains(descriptor) ? INVAL : BADF;
            assertThat(guest.call("fd_prestat_dir_name", descriptor, RESULT, 8)).isEqualTo(expected);
            assertThat(guest.call("fd_prestat_dir_name", descriptor, -1, 8)).isEqualTo(expected);
            assertThat(guest.call("fd_prestat_dir_name", descriptor, 0, 0)).isEqualTo(expected);
            assertThat(guest.call("fd_prestat_dir_name", descriptor, 0, 1)).isEqualTo(FAULT);
            assertThat(guest.call("fd_prestat_dir_name", descriptor, 0, -1)).isEqualTo(FAULT);
        }
    }
}
