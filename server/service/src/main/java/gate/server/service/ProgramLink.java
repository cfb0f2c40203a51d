// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;

/// A service's way to its program. Thread-safe. When the service has been suspended or shut down, nothing
/// goes through any more.
public interface ProgramLink {
    /// Gives the program a packet, whose code is filled in. Waits while there is too much that the program
    /// hasn't received; not when the program has stopped.
    void send(Packet packet) throws InterruptedException;

    /// Whether the program runs. When it doesn't, no more is to be read for it from anywhere: what has been read is
    /// still sent.
    boolean isOpen();

    /// Ends the program, which broke a rule.
    void violated(PacketViolation violation);

    /// Ends the program, because the service can't go on.
    ///
    /// @param text public
    void failed(String text);
}
