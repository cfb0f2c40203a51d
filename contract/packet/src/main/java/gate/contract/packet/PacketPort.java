// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import org.jspecify.annotations.Nullable;

/// Where a running program's packets come out and go in, as its services see it. On the other side is the process that
/// runs the program. Thread-safe.
///
/// ```
///    OPEN -> CLOSED          // the program has stopped, for whatever reason
/// ```
public interface PacketPort {
    /// The program's next packet; doesn't wait. Its size has been checked, and nothing else.
    ///
    /// @param next what is run, once, when there is a packet to take: remembered where null is returned, in
    ///     place of one given before. It is run on another's thread, and so has to be quick
    /// @return null where there is none yet, and when the program has stopped: what it has sent and nobody
    ///     has taken stays with it
    @Nullable
    Packet poll(Runnable next);

    /// Gives the program a packet. Waits while there is too much that it hasn't received; when it has stopped
    /// it doesn't wait, and the packet is kept with the others.
    void send(Packet packet) throws InterruptedException;

    /// Gives the program a packet and doesn't wait, however much it hasn't received: for what must be said once before
    /// anything of it is taken.
    void sendNow(Packet packet);

    /// Whether the program runs. When it doesn't, nobody gets more for it from elsewhere than what has come already.
    boolean isOpen();

    /// Ends the program: it broke a rule. State KILLED, cause ABI_VIOLATION, with the violation's text.
    void violated(PacketViolation violation);

    /// Ends the program: a service failed. State KILLED, cause INTERNAL.
    ///
    /// @param text public
    void failed(String text);
}
