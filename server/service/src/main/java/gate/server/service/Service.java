// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

/// A kind of service, of which every program that uses it has an instance of its own. Immutable or thread-
/// safe: all programs share it, unless it was registered for one of them.
public interface Service {
    /// What programs ask for: reference 6.1. 1 to 127 bytes of letters, numbers and punctuation.
    String name();

    /// Of the service's interface; what the catalog shows.
    default String revision() {
        return "0";
    }

    /// Whether programs may send flow and data packets. Who does it without is ended.
    default boolean streams() {
        return false;
    }

    /// Whether programs of this context may discover it.
    default boolean discoverable(ServiceContext context) {
        return true;
    }

    /// An instance for a program. It doesn't do anything yet.
    ///
    /// @param state what [ServiceInstance#suspend()] returned, maybe elsewhere and long ago, and maybe
    ///     forged; empty for a new one
    /// @throws gate.contract.packet.PacketViolation where the state is malformed: see [StateReader]
    ServiceInstance create(ServiceContext context, byte[] state) throws InterruptedException;
}
