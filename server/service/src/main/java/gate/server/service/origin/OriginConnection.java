// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A client's connection that a program has accepted. Thread-safe.
///
/// Closing it disconnects the client, at any time: the program is told that no more comes and no more is
/// wanted.
public final class OriginConnection implements AutoCloseable {
    private final OriginStream stream;

    OriginConnection(OriginStream stream) {
        this.stream = stream;
    }

    /// The stream's id, as the program knows it.
    public int stream() {
        return stream.id();
    }

    /// Moves bytes both ways, until both ends of the connection are done with both directions, it is
    /// closed, or the program stops. Then it closes both streams, and the connection. May be called once.
    ///
    /// @param in what the client sends. An error is an end, too. It is read only as far as the program is
    ///     willing to receive, so the end is noticed only then.
    /// @param out what the client receives: flushed when there is nothing more for the moment; closed when
    ///     the program has ended this direction, which must not concern `in`. After an error nothing more
    ///     is written.
    /// @throws InterruptedException the client is disconnected then
    public void transfer(InputStream in, OutputStream out) throws InterruptedException {
        try (in;
                out) {
            try {
                stream.transfer(in, out);
            } finally {
                close();
                stream.release(); // whoever is still in a stream may keep it from being closed
            }
        } catch (IOException e) {
            // Nobody is there to be told: the connection is over.
        }
    }

    @Override
    public void close() {
        stream.disconnect();
    }
}
