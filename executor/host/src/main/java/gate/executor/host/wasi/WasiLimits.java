// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// What one guest can ask of the host at most, each limit with its reason and the error that tells of it.
public final class WasiLimits {
    /// Open descriptors, standard streams and preopens included (`EMFILE`). Each may hold a descriptor of the
    /// process; well below what Linux gives a process by default after a JVM has raised it.
    public static final int OPEN_FILES_MAX = 1024;

    /// Bytes of a path (`ENAMETOOLONG`): Linux's `PATH_MAX`, with its final zero.
    public static final int PATH_BYTES_MAX = 4095;

    /// Directories between a preopen and a file (`ENAMETOOLONG`): resolving a path holds one descriptor of the
    /// process for each.
    public static final int PATH_DEPTH_MAX = 256;

    /// Symbolic links followed in one path (`ELOOP`): as on Linux.
    public static final int SYMBOLIC_LINKS_MAX = 40;

    /// Buffers of one read or write (`EINVAL`): Linux's `IOV_MAX`.
    public static final int BUFFERS_MAX = 1024;

    /// Subscriptions of one `poll_oneoff` (`EINVAL`): every open descriptor for reading and writing, and as many
    /// clocks.
    public static final int SUBSCRIPTIONS_MAX = 4 * OPEN_FILES_MAX;

    /// Entries of a directory that is being read (`ENOMEM`): they are kept until it is read again or closed, about
    /// 100 bytes each, so that a position in it means the same after the program was saved and continued.
    public static final int DIRECTORY_ENTRIES_MAX = 1 << 20;

    /// Bytes read from an input before the guest takes them; as much travels in a saved state.
    public static final int INPUT_BYTES_MAX = 8192;

    /// Bytes moved between two looks at whether the execution is to stop: about 0.3 ms.
    public static final int TRANSFER_CHUNK_BYTES = 1 << 20;

    /// Nanoseconds at which a saved state's clocks stand: 146 years, so that they don't overflow while it runs.
    public static final long TIME_NANOS_MAX = 1L << 62;

    /// Bytes of a saved state that is read: twice what the limits above let a state have in practice.
    public static final int STATE_BYTES_MAX = 1 << 28;

    private WasiLimits() {}
}
