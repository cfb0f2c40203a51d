// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The client of a lane, from outside: through a socket, one connection after another. On a connection that is to be
/// cut
/// it sends only part of what is left, and says when it has received as much as was decided on before.
final class SocketClient {
    private final int lane;
    private final byte[] input;
    private final SplittableRandom random;
    private final byte[] output;

    // Guarded by `this`.
    private int received;
    private int sent;
    private int acknowledged;
    private int receivedUntilMoment;
    private boolean answered;
    private boolean over;
    private @Nullable String wrong;

    private @Nullable SocketChannel socket;
    private final List<Thread> threads = new ArrayList<>();

    SocketClient(int lane, byte[] input, SplittableRandom random) {
        this.lane = lane;
        this.input = input;
        this.random = random;
        this.output = new byte[input.length];
    }

    synchronized byte[] output() {
        return Arrays.copyOf(output, received);
    }

    /// @param cuts of its connections that are still to come, this one's included
    void connect(Path path, int cuts) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        socket = channel;
        int most;
        synchronized (this) {
            // What is sent at most, and what is received for sure when that is sent: whole blocks.
            answered = false;
            over = false;
            int left = input.length - received;
            most = cuts == 0 ? input.length : received + random.nextInt(1, 2 + 2 * left / (cuts + 1));
            receivedUntilMoment = received + random.nextInt(1 + Math.max(0, most / 512 * 512 - received));
        }
        threads.add(Thread.ofVirtual().start(() -> talk(channel, most, cuts == 0)));
    }

    /// Waits until it has been answered and has received as much as was decided on.
    synchronized void awaitMoment() throws InterruptedException {
        while (!over && (!answered || received < receivedUntilMoment)) {
            wait();
        }
    }

    /// The program has stopped.
    void end() throws IOException, InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
        Objects.requireNonNull(socket).close();
        synchronized (this) {
            if (wrong != null) {
                throw new IllegalStateException("lane " + lane + ": " + wrong);
            }
        }
    }

    private void talk(SocketChannel channel, int most, boolean last) {
        try {
            ByteBuffer hello = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            synchronized (this) {
                hello.putInt(lane).putInt(received).putInt(input.length);
            }
            write(channel, hello.flip());
            int from = begin(
                    read(channel, Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt());
            Thread writer = Thread.ofVirtual().start(() -> send(channel, from, most));
            receive(channel);
            if (last) {
                write(channel, ByteBuffer.wrap(new byte[] {1}));
                if (channel.read(ByteBuffer.allocate(1)) >= 0) {
                    fail("more output than there is");
                }
            }
            writer.join();
        } catch (IOException e) {
            // cut
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over();
        }
    }

    private synchronized void over() {
        over = true;
        notifyAll();
    }

    private synchronized int begin(int has) {
        if (has < acknowledged || has > sent) {
            fail("the program has received " + has + " bytes of " + sent + ", and had " + acknowledged);
        }
        acknowledged = has;
        answered = true;
        notifyAll();
        return Math.clamp(has, 0, input.length);
    }

    private void send(SocketChannel channel, int from, int most) {
        try {
            int position = from;
            while (position < most) {
                int count = Math.min(most - position, 1 + new SplittableRandom(position).nextInt(300));
                synchronized (this) {
                    sent = Math.max(sent, position + count);
                }
                write(channel, ByteBuffer.wrap(input, position, count));
                position += count;
            }
        } catch (IOException e) {
            // cut
        }
    }

    private void receive(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(700);
        while (outputLeft() > 0) {
            bytes.clear().limit(Math.min(bytes.capacity(), outputLeft()));
            if (channel.read(bytes) < 0) {
                throw new EOFException();
            }
            bytes.flip();
            synchronized (this) {
                int count = bytes.remaining();
                bytes.get(output, received, count);
                received += count;
                notifyAll();
            }
        }
    }

    private synchronized int outputLeft() {
        return output.length - received;
    }

    private synchronized void fail(String what) {
        wrong = what;
    }

    private static ByteBuffer read(SocketChannel channel, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
