// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// The two times that `*_filestat_set_times` set, as Linux's `utimensat` takes them.
record FileTimes(long accessSeconds, long accessNanos, long modificationSeconds, long modificationNanos) {
    private static final int ATIM = 1;
    private static final int ATIM_NOW = 2;
    private static final int MTIM = 4;
    private static final int MTIM_NOW = 8;
    private static final long UTIME_NOW = 0x3FFF_FFFF;
    private static final long UTIME_OMIT = 0x3FFF_FFFE;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// @param access nanoseconds since 1970, unsigned
    /// @param flags witx `$fstflags`
    static FileTimes of(long access, long modification, int flags) {
        if ((flags & ~(ATIM | ATIM_NOW | MTIM | MTIM_NOW)) != 0
                || (flags & (ATIM | ATIM_NOW)) == (ATIM | ATIM_NOW)
                || (flags & (MTIM | MTIM_NOW)) == (MTIM | MTIM_NOW)) {
            throw new WasiError(Errno.INVAL);
        }
        boolean setAccess = (flags & ATIM) != 0;
        boolean setModification = (flags & MTIM) != 0;
        return new FileTimes(
                setAccess ? Long.divideUnsigned(access, NANOS_PER_SECOND) : 0,
                setAccess ? Long.remainderUnsigned(access, NANOS_PER_SECOND) : special(flags, ATIM_NOW),
                setModification ? Long.divideUnsigned(modification, NANOS_PER_SECOND) : 0,
                setModification ? Long.remainderUnsigned(modification, NANOS_PER_SECOND) : special(flags, MTIM_NOW));
    }

    private static long special(int flags, int now) {
        return (flags & now) != 0 ? UTIME_NOW : UTIME_OMIT;
    }
}
