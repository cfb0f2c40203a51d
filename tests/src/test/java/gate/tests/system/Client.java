// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Somebody who has connected to a program, where `--connect` says.
final class Client implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("connections come in at port ([0-9]+)\n");
    private static final long SECONDS_MAX = 60;

    private final SocketChannel channel;

    private Client(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    static Client of(int port) throws IOException {
        return new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    static Client of(Path path) throws IOException {
        return new Client(UnixDomainSocketAddress.of(path));
    }

    /// The port at which a process says that connections come in.
    static int port(GateProcess process) throws IOException, InterruptedException {
        process.awaitErr(text -> PORT.matcher(text).find());
        Matcher matcher = PORT.matcher(process.err());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// As many bytes as the text has; fewer at the end.
    String receive(int count) throws Exception {
        FutureTask<String> received = new FutureTask<>(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // More may come.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        });
        Thread.ofPlatform().daemon().start(received);
        try {
            return received.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("nothing is received", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
