// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

/// Limits of every instance: `docs/limits.md`.
public final class InstanceLimits {
    /// Bytes of packets from services that the program hasn't received; more wait at their senders.
    public static final int INPUT_BYTES_QUEUED_MAX = 128 << 10;

    /// Bytes of packets from the program that services haven't taken; more stay with the program.
    public static final int OUTPUT_BYTES_MAX = 128 << 10;

    /// Bytes that one transfer takes from the program: it may be short.
    public static final int TRANSFER_BYTES_MAX = 64 << 10;

    /// Bytes of a line of the debug log; longer ones are cut into lines.
    public static final int LOG_LINE_BYTES_MAX = 4096;

    /// How long services may take for what a program has sent before it exited.
    static final long DRAIN_NANOS = 10_000_000_000L;

    /// How often running instances are looked at; one that has run for a whole such time gives way to others.
    static final long SLICE_NANOS = 5_000_000L;

    /// Suspend points that a program that is to stop passes at most until one that the original has, too.
    static final int RUN_ON_MAX = 1000;

    /// Bytes of code that are looked through at most on the way there: about 10 ns each.
    static final long RUN_ON_CODE_BYTES_MAX = 4L << 20;

    private InstanceLimits() {}
}
