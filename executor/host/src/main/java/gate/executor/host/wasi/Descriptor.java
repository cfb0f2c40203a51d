// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// An open descriptor of the guest. It owns the process's descriptor behind it, where there is one.
abstract sealed class Descriptor permits StandardStream, OpenFile, OpenDirectory, OpenDevice {
    /// Bits of witx `$fdflags`.
    static final int APPEND = 1;

    static final int DSYNC = 2;
    static final int NONBLOCK = 4;
    static final int RSYNC = 8;
    static final int SYNC = 16;
    static final int ALL_FLAGS = APPEND | DSYNC | NONBLOCK | RSYNC | SYNC;

    private long rights;
    private long inheriting;
    private int flags;

    Descriptor(long rights, long inheriting, int flags) {
        this.rights = rights;
        this.inheriting = inheriting;
        this.flags = flags;
    }

    abstract FileType type();

    abstract FileStat stat(HostFiles files);

    /// Releases what is behind it.
    abstract void close(HostFiles files);

    final long rights() {
        return rights;
    }

    final long inheriting() {
        return inheriting;
    }

    final void rights(long base, long inherited) {
        rights = base;
        inheriting = inherited;
    }

    /// Whether it has all of these rights.
    final boolean may(long wanted) {
        return (rights & wanted) == wanted;
    }

    /// Throws `ENOTCAPABLE` where it has none of these rights.
    final void require(long anyOf) {
        if ((rights & anyOf) == 0) {
            throw new WasiError(Errno.NOTCAPABLE);
        }
    }

    final int flags() {
        return flags;
    }

    final void flags(int now) {
        flags = now;
    }

    final boolean nonblocking() {
        return (flags & NONBLOCK) != 0;
    }
}
