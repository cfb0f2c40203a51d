// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.Endpoint;
import gate.server.service.origin.OriginConnection;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who is connected to a Gate program: standard input and output first, and whoever comes in where `--connect` says.
/// For one thread; the connections have their own.
final class Connections implements AutoCloseable {
    private final SessionServices services;
    private final StandardStreams first;
    private final List<ServerSocketChannel> listening = new ArrayList<>();
    private @Nullable Thread standard;

    private Connections(SessionServices services, StandardStreams first) {
        this.services = services;
        this.first = first;
    }

    /// @throws CommandFailure where one of the places is taken or can't be had
    static Connections open(
            SessionServices services, StandardStreams first, List<Endpoint> endpoints, Streams streams) {
        Connections made = new Connections(services, first);
        for (Endpoint endpoint : endpoints) {
            try {
                made.listen(endpoint, streams);
            } catch (IOException e) {
                made.close();
                throw new CommandFailure(
                        ExitCode.UNAVAILABLE, "nobody can connect at " + endpoint.text() + ": " + e.getMessage());
            }
        }
        return made;
    }

    private void listen(Endpoint endpoint, Streams streams) throws IOException {
        boolean unix = endpoint.address() instanceof UnixDomainSocketAddress;
        ServerSocketChannel server =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        listening.add(server);
        server.bind(endpoint.address());
        String where = server.getLocalAddress() instanceof InetSocketAddress address
                ? "port " + address.getPort()
                : endpoint.text();
        streams.say("connections come in at " + where);
        Thread.ofVirtual().name("listen-" + where).start(() -> accept(server));
    }

    private void accept(ServerSocketChannel server) {
        while (true) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (IOException e) {
                return; // closed
            }
            Thread.ofVirtual().name("connection").start(() -> serve(client));
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            Optional<OriginConnection> connection = services.connect();
            if (connection.isPresent()) {
                connection.get().transfer(Channels.newInputStream(client), halfClosing(client));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The client is gone.
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

    /// Connects standard input and output to the program, when it accepts: at its start and when it goes on.
    void connectStandardStreams() {
        Thread before = standard;
        if (before != null && before.isAlive()) {
            return; // it waits for input, and finds out that its connection is gone when there is some
        }
        standard = Thread.ofPlatform().daemon().name("standard-streams").start(this::serveStandardStreams);
    }

    private void serveStandardStreams() {
        try {
            Optional<OriginConnection> connection = services.connect();
            if (connection.isPresent()) {
                connection.get().transfer(first.input(), first.output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        for (ServerSocketChannel server : listening) {
            try {
                boolean unix = server.getLocalAddress() instanceof UnixDomainSocketAddress;
                UnixDomainSocketAddress path = unix ? (UnixDomainSocketAddress) server.getLocalAddress() : null;
                server.close();
                if (path != null) {
                    Files.deleteIfExists(path.getPath());
                }
            } catch (IOException e) {
                // The process ends soon.
            }
        }
    }
}
