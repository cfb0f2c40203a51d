// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Error numbers of WASI preview 1 (witx `$errno`), those that this implementation gives, each with Linux's number
/// for the same error (the same on x86-64 and arm64), or 0 where Linux has none.
public enum Errno {
    SUCCESS(0, 0),
    TOO_BIG(1, 7),
    ACCES(2, 13),
    AGAIN(6, 11),
    BADF(8, 9),
    BUSY(10, 16),
    DEADLK(16, 35),
    DQUOT(19, 122),
    EXIST(20, 17),
    FAULT(21, 14),
    FBIG(22, 27),
    ILSEQ(25, 84),
    INTR(27, 4),
    INVAL(28, 22),
    IO(29, 5),
    ISDIR(31, 21),
    LOOP(32, 40),
    MFILE(33, 24),
    MLINK(34, 31),
    NAMETOOLONG(37, 36),
    NFILE(41, 23),
    NODEV(43, 19),
    NOENT(44, 2),
    NOLCK(46, 37),
    NOMEM(48, 12),
    NOSPC(51, 28),
    NOSYS(52, 38),
    NOTDIR(54, 20),
    NOTEMPTY(55, 39),
    NOTSOCK(57, 88),
    NOTSUP(58, 95),
    NOTTY(59, 25),
    NXIO(60, 6),
    OVERFLOW(61, 75),
    PERM(63, 1),
    PIPE(64, 32),
    RANGE(68, 34),
    ROFS(69, 30),
    SPIPE(70, 29),
    STALE(72, 116),
    TIMEDOUT(73, 110),
    TXTBSY(74, 26),
    XDEV(75, 18),
    /// A path that leads out of the directory it was given with.
    NOTCAPABLE(76, 0);

    private final int code;
    private final int linux;

    Errno(int code, int linux) {
        this.code = code;
        this.linux = linux;
    }

    /// The guest's number.
    public int code() {
        return code;
    }

    int linux() {
        return linux;
    }

    /// The guest's error for a failed system call; [#IO] where WASI has no such error.
    static Errno ofLinux(int number) {
        for (Errno errno : values()) {
            if (errno.linux == number && number != 0) {
                return errno;
            }
        }
        return IO;
    }
}
