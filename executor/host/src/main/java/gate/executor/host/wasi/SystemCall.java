// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.Locale;

/// Linux system calls that files and streams need, with their numbers on x86-64 and on arm64 (the kernel's
/// `syscall_64.tbl` and `asm-generic/unistd.h`).
///
/// They are made through libc's `syscall`, so that one native call is linked and not twenty: linking one costs
/// start-up time. The structures used (`statx`, `linux_dirent64`, `timespec`, `pollfd`) are the same on both.
enum SystemCall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    PREAD(17, 67),
    PWRITE(18, 68),
    FCNTL(72, 25),
    FSYNC(74, 82),
    FDATASYNC(75, 83),
    FTRUNCATE(77, 46),
    GETDENTS(217, 61),
    FADVISE(221, 223),
    CLOCK_GETTIME(228, 113),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    PPOLL(271, 73),
    UTIMENSAT(280, 88),
    FALLOCATE(285, 47),
    RENAMEAT2(316, 276),
    STATX(332, 291);

    /// Whether this process runs on arm64; else on x86-64.
    static final boolean ARM = isArm();

    private final int number;

    SystemCall(int x86, int arm) {
        this.number = isArm() ? arm : x86;
    }

    int number() {
        return number;
    }

    private static boolean isArm() {
        return System.getProperty("os.arch", "").equals("aarch64");
    }

    /// Whether the numbers hold here.
    static boolean supported() {
        String machine = System.getProperty("os.arch", "");
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")
                && (machine.equals("amd64") || machine.equals("aarch64"));
    }
}
