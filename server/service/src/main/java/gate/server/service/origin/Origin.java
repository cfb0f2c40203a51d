// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The service that brings a program together with whoever called it: reference 6.4. There is one for each
/// program, and for each time it goes on. Thread-safe.
///
/// It stops with the program's instance of the service. A program may end without ever having used it: so
/// it has to be closed, too, by who made it.
public final class Origin implements Service, AutoCloseable {
    static final String NAME = "origin";

    private final OriginStreams streams;
    private final AtomicBoolean created = new AtomicBoolean();

    /// Without connections.
    public Origin(OriginOptions options) {
        streams = new OriginStreams(options);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean streams() {
        return true;
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        OriginState saved = OriginState.read(state);
        if (created.getAndSet(true)) {
            throw new IllegalStateException("an origin serves one program once");
        }
        streams.restore(saved);
        return streams;
    }

    /// Makes a connection, which is to be closed. Waits until the program accepts it; an interruption ends
    /// the waiting.
    ///
    /// @return empty where there isn't going to be one: the program stops, or has as many as are allowed
    public Optional<OriginConnection> connect() throws InterruptedException {
        return streams.connect().map(OriginConnection::new);
    }

    /// The program has exited, and what it has sent has been handled: waits until clients have received it.
    ///
    /// @param nanosAtMost how long a client may take
    public void flush(long nanosAtMost) throws InterruptedException {
        streams.flush(nanosAtMost);
    }

    /// The program has stopped: connections are lost, and those that wait aren't made.
    @Override
    public void close() {
        streams.stop();
    }
}
