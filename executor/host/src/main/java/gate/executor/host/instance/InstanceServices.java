// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketViolation;
import gate.engine.snapshot.Buffers;
import java.util.List;

/// The services of one instance, as its embedder has them. Called by one thread at a time.
public interface InstanceServices {
    /// A run of the program begins.
    ///
    /// @param port its packets
    /// @param restored what [Run#suspend()] gave when it was stopped; empty at a start
    Run begin(PacketPort port, List<Buffers.ServiceState> restored);

    /// The services during a run of a program, which ends with one of these. The port has been closed before.
    interface Run {
        /// The program has been suspended. What services still send is kept for it.
        ///
        /// @return all services that it has discovered, in that order
        /// @throws PacketViolation where the program can't go on by its own fault
        /// @throws ServicesFailure where it can't go on for another reason
        List<Buffers.ServiceState> suspend() throws InterruptedException, ServicesFailure;

        /// The program has exited, and the services have taken all that it has sent: waits until that has arrived.
        default void flush(long nanosAtMost) throws InterruptedException {}

        /// The program has ended.
        void shutdown() throws InterruptedException;
    }

    /// A service can't save its state.
    final class ServicesFailure extends Exception {
        private static final long serialVersionUID = 1L;

        /// @param text public
        public ServicesFailure(String text, Throwable cause) {
            super(text, cause);
        }
    }
}
