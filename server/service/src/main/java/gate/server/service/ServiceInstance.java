// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import gate.contract.packet.Packet;
import org.jspecify.annotations.Nullable;

/// One program's instance of a [Service]: reference 6.1. Only [#handle(Packet)] has to be written.
///
/// ```
///   CREATED -> READY      // ready(): when all services of a restored program have been created
///     READY -> STARTED    // start(): when all of them are ready, before any packet
///   STARTED -> SUSPENDED  // suspend(): the program has stopped and will be continued
///   STARTED -> SHUT_DOWN  // shutdown(): the program has ended; from CREATED and READY too
/// ```
///
/// The instances of a new program are created one by one, each at the first packet for it. All methods are
/// called by one thread at a time. What they throw ends the program: a
/// [gate.contract.packet.PacketViolation] because of the program's fault, a [ServiceFailure] or anything
/// else because of ours.
@FunctionalInterface
public interface ServiceInstance {
    /// Prepares what the other services of the program may need.
    default void ready() throws InterruptedException {}

    /// Begins to work.
    ///
    /// @param link to the program, for packets that are no immediate replies; until the end of [#suspend()]
    ///     or the beginning of [#shutdown()]
    default void start(ProgramLink link) throws InterruptedException {}

    /// Takes a packet from the program. The next one waits, so it doesn't do anything that takes long.
    ///
    /// @return an immediate reply, or null. Its code doesn't matter, its index does: which one of the calls
    ///     that aren't answered it is for, the oldest is 0
    @Nullable
    Packet handle(Packet packet) throws InterruptedException;

    /// Stops. Packets that are still to be sent are sent before it returns, which doesn't wait for the
    /// program.
    ///
    /// @return what [Service#create(ServiceContext, byte\[\])] needs to go on; empty for nothing
    default byte[] suspend() throws InterruptedException {
        return new byte[0];
    }

    /// Stops for good and gives everything back.
    default void shutdown() {}
}
