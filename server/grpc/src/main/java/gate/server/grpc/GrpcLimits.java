// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import gate.contract.packet.Packet;
import java.util.concurrent.TimeUnit;

/// How much a process may say, and how long it may take. `docs/limits.md` has them all.
///
/// @param startNanos for the first answer of a process, which may have to be started
/// @param callNanos for each further one; for packets, time in which the program doesn't receive isn't
///     counted
/// @param drainNanos for the packets that are left at a suspension
public record GrpcLimits(long startNanos, long callNanos, long drainNanos) {
    public static final GrpcLimits DEFAULT =
            new GrpcLimits(TimeUnit.SECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(10));

    /// Bytes of the list of services, and of other short answers.
    static final int ANSWER_BYTES_MAX = 128 << 10;

    /// Bytes of a message with a packet: a little more than the packet, so that it is its size that is
    /// complained of.
    static final int PACKET_MESSAGE_BYTES_MAX = Packet.SIZE_MAX + 64;

    /// Bytes of an instance's id.
    static final int ID_BYTES_MAX = 1024;

    /// Packets that the program has sent and the process hasn't taken.
    static final int INCOMING_PACKETS_MAX = 8;

    /// Bytes of packets that are left at a suspension.
    static final int OUTGOING_BYTES_MAX = 2 << 20;

    /// Bytes of a saved state. A gRPC server takes messages of 4 MiB unless it is told otherwise.
    static final int SERVICE_STATE_BYTES_MAX = 4_000_000;

    /// Characters of a process's own texts that are shown.
    static final int TEXT_MAX = 200;
}
