// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.Endpoint;
import gate.app.program.Leftovers;
import gate.server.service.origin.OriginConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Who is connected to a Gate program: standard input and output first, and whoever comes in where
/// `--connect` says. For one thread, but for [#close()]; the connections have their own.
final class Connections implements AutoCloseable {
    /// Until the next attempt to accept a client, where there are not enough descriptors, say.
    private static final long AGAIN_MILLIS = 100;

    private final SessionServices services;
    private final StandardStreams first;
    private final Clients clients;
    private final List<ServerSocketChannel> listening = new CopyOnWriteArrayList<>();
    private Leftovers.@Nullable Leftover leftover;
    private @Nullable Thread standard;
    /// The run to which standard input and output have been connected.
    private int connectedRun;

    private Connections(SessionServices services, StandardStreams first) {
        this.services = services;
        this.first = first;
        this.clients = new Clients(services);
    }

    /// @throws CommandFailure where one of the places is taken or can't be had
    static Connections open(
            SessionServices services, StandardStreams first, List<Endpoint> endpoints, Streams streams) {
        Connections made = new Connections(services, first);
        if (!endpoints.isEmpty()) {
            made.leftover = Leftovers.add(made::stopListening);
        }
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
        server.bind(endpoint.address(), Clients.CONNECTIONS_MAX);
        String where = server.getLocalAddress() instanceof InetSocketAddress address
                ? "port " + address.getPort()
                : endpoint.text();
        streams.say("connections come in at " + where);
        Thread.ofVirtual().name("listen-" + where).start(() -> accept(server, where, streams));
    }

    private void accept(ServerSocketChannel server, String where, Streams streams) {
        boolean failing = false;
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                failing = false;
                clients.admit(client);
            } catch (IOException e) {
                if (!server.isOpen()) {
                    return;
                }
                if (!failing) {
                    failing = true;
                    streams.say("connections at " + where + " have to wait: " + e.getMessage());
                }
                try {
                    Thread.sleep(AGAIN_MILLIS);
                } catch (InterruptedException interrupted) {
                    return; // by nobody
                }
            }
        }
    }

    /// Connects standard input and output to the program, when it accepts: at its start and when it goes on.
    /// Once for each run of it, however often this is called.
    void connectStandardStreams() {
        int run = services.runs();
        if (run == connectedRun) {
            return;
        }
        connectedRun = run;
        Thread before = standard;
        standard = Thread.ofPlatform().daemon().name("standard-streams").start(() -> serveStandardStreams(before));
    }

    /// @param before served the run before, which is over
    private void serveStandardStreams(@Nullable Thread before) {
        try {
            if (before != null) {
                before.join();
            }
            Optional<OriginConnection> connection = services.connect();
            if (connection.isPresent()) {
                connection.get().transfer(first.input(), first.output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Why something could not be written to standard output; empty where everything was.
    Optional<String> lostOutput() {
        return first.output().lost();
    }

    @Override
    public void close() {
        if (leftover != null) {
            leftover.close();
        }
    }

    private void stopListening() {
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
