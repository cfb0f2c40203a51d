// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.PacketPort;
import gate.server.service.Registry;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceSession;
import gate.server.service.ServiceState;
import gate.server.service.origin.Origin;
import gate.server.service.origin.OriginOptions;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All services of one running program: those that everybody shares, and its own. Thread-safe.
///
/// When the program has stopped, one of [#suspend()] and [#shutdown()] has to be called.
public final class ProgramServices {
    private final Origin origin;
    private final ProgramScope scope;
    private final ServiceSession session;

    /// What operators choose.
    ///
    /// @param shared services of all programs
    /// @param origin for every program
    /// @param randomBitsPerMinute for every program; 0 or less hides the service
    /// @param clock time
    public record Options(Registry shared, OriginOptions origin, int randomBitsPerMinute, ServiceClock clock) {
        /// The original's defaults, for shared services.
        public static Options defaults(Registry shared) {
            return new Options(shared, OriginOptions.DEFAULT, RandomBytes.BITS_PER_MINUTE, ServiceClock.system());
        }
    }

    /// Begins at once to serve the program.
    ///
    /// @param name of the session's thread, for instance `services-` and the instance's id
    /// @param grantedScope what the principal may do beyond the ordinary
    /// @param states of a program that goes on, as [#suspend()] returned them; null for a new one
    public ProgramServices(
            String name,
            Options options,
            ServiceContext context,
            Collection<String> grantedScope,
            PacketPort port,
            @Nullable List<ServiceState> states) {
        origin = new Origin(options.origin);
        scope = new ProgramScope(grantedScope);
        Registry registry = options.shared.child();
        registry.registerBuiltin(origin)
                .registerBuiltin(new Catalog(registry))
                .registerBuiltin(new Identity())
                .registerBuiltin(new RandomBytes(options.randomBitsPerMinute, options.clock))
                .registerBuiltin(new Scope(scope));
        session = states == null
                ? ServiceSession.start(name, registry, context, port)
                : ServiceSession.restore(name, registry, context, port, states);
    }

    /// Where connections come in.
    public Origin origin() {
        return origin;
    }

    /// What the program may do.
    public ProgramScope scope() {
        return scope;
    }

    /// As [ServiceSession#suspend()].
    public List<ServiceState> suspend() throws InterruptedException {
        try {
            return session.suspend();
        } finally {
            origin.close();
        }
    }

    /// The program has exited, and what it has sent has been taken: waits until it has arrived.
    ///
    /// @param nanosAtMost how long clients may take
    public void flush(long nanosAtMost) throws InterruptedException {
        origin.flush(nanosAtMost);
    }

    /// As [ServiceSession#shutdown()].
    public void shutdown() throws InterruptedException {
        origin.close();
        session.shutdown();
    }
}
