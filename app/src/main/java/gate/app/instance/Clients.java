// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.server.service.origin.OriginConnection;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Those who have connected to a Gate program and haven't gone yet. Thread-safe.
///
/// A client waits until the program accepts a connection. One that is lost meanwhile gives up its place at
/// once. One that
/// has just ended what it sends can't be told from one that is gone: it keeps its place, for it may want to
/// receive, until
/// somebody else needs it.
final class Clients {
    /// Clients of one program at a time, waiting ones included.
    static final int CONNECTIONS_MAX = 1000;

    private final SessionServices services;
    /// In the order in which they came.
    private final Set<Client> present = new LinkedHashSet<>();

    Clients(SessionServices services) {
        this.services = services;
    }

    /// Somebody has come, and is sent away where there are too many.
    void admit(SocketChannel channel) throws IOException {
        Client client = new Client(channel);
        synchronized (present) {
            if (present.size() >= CONNECTIONS_MAX && !makeRoom()) {
                channel.close();
                return;
            }
            present.add(client);
        }
        client.thread.start();
        client.input.readAhead(client::leave);
    }

    private boolean makeRoom() {
        for (Client client : present) {
            if (client.input.hasEnded() && client.leave()) {
                present.remove(client);
                return true;
            }
        }
        return false;
    }

    private final class Client {
        private final SocketChannel channel;
        private final ClientInput input;
        private final Thread thread;
        // Guarded by `this`.
        private boolean waiting = true;

        Client(SocketChannel channel) {
            this.channel = channel;
            this.input = new ClientInput(channel);
            this.thread = Thread.ofVirtual().name("connection").unstarted(this::serve);
        }

        /// Stops waiting.
        ///
        /// @return false where it no longer did
        synchronized boolean leave() {
            boolean left = waiting;
            waiting = false;
            if (left) {
                thread.interrupt();
            }
            return left;
        }

        private synchronized boolean stopWaiting() {
            boolean waited = waiting;
            waiting = false;
            return waited;
        }

        private void serve() {
            try (channel) {
                Optional<OriginConnection> connection = services.connect();
                if (connection.isPresent()) {
                    try (OriginConnection made = connection.get()) {
                        if (stopWaiting()) {
                            made.transfer(input, halfClosing(channel));
                        }
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                // It is gone.
            } finally {
                synchronized (present) {
                    present.remove(this);
                }
            }
        }
    }

    /// The end of what a program sends doesn't end what it receives.
    private static OutputStream halfClosing(SocketChannel client) {
        return new FilterOutputStream(Channels.newOutputStream(client)) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                if (client.isOpen()) {
                    client.shutdownOutput();
                }
            }
        };
    }
}
