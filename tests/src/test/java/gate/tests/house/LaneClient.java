// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import gate.server.service.origin.OriginConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// The client of a lane, on one connection. It is slow now and then. It goes on where the connection before it was cut,
/// of which a file tells.
///
/// Reference 6.4 says which bytes a suspension may take: those that the program has sent and the client hasn't
/// received,
/// and none of those that were read from the client and sent to the program. So what the program says that it has
/// received is exactly what was taken from the connections before, but for what was in the hands of the one who read.
final class LaneClient {
    private static final int HELLO_BYTES = 12;
    private static final int PAUSE_NANOS_MAX = 100_000;

    private final Path folder;
    private final int lane;
    private final byte[] input;
    private final SplittableRandom random;

    private final byte[] output;
    /// Bytes of the output that are here.
    private int received;
    /// Of what was taken from connections before: bytes that are the program's for sure, and those that may be.
    private int surely;
    private int maybe;

    private int said;
    private int told;
    private int position;
    private boolean cut;
    private final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private String wrong = "";

    LaneClient(Path folder, int lane, byte[] input, long seed) throws IOException {
        this.folder = folder;
        this.lane = lane;
        this.input = input;
        this.random = new SplittableRandom(seed);
        this.output = new byte[input.length];
        if (Files.exists(outputFile(folder, lane))) {
            byte[] before = Files.readAllBytes(outputFile(folder, lane));
            received = before.length;
            System.arraycopy(before, 0, output, 0, received);
            String[] taken = Files.readString(takenFile(folder, lane)).split(" ", 2);
            surely = Integer.parseInt(taken[0]);
            maybe = Integer.parseInt(taken[1]);
        }
    }

    static Path outputFile(Path folder, int lane) {
        return folder.resolve("output-" + lane);
    }

    private static Path takenFile(Path folder, int lane) {
        return folder.resolve("taken-" + lane);
    }

    /// From connecting until the connection is over.
    ///
    /// @throws IllegalStateException where something is wrong with what came
    void run(Connecting connecting) throws InterruptedException, IOException {
        Optional<OriginConnection> connection = connecting.connect();
        if (connection.isPresent()) {
            connection.get().transfer(new FromClient(), new ToClient());
        }
        cut();
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("lane " + lane + ": " + wrong);
        }
        Files.write(outputFile(folder, lane), Arrays.copyOf(output, received));
        Files.writeString(takenFile(folder, lane), surely + " " + maybe);
    }

    interface Connecting {
        Optional<OriginConnection> connect() throws InterruptedException;
    }

    private synchronized void cut() {
        cut = true;
        notifyAll();
    }

    private synchronized void fail(String what) {
        if (wrong.isEmpty()) {
            wrong = what;
        }
    }

    /// What it sends next: how it introduces itself, its input from where the program wants it, and one byte when it
    /// has
    /// everything.
    private synchronized int next(byte[] into, int offset, int most) throws IOException {
        if (told == Integer.BYTES) {
            surely = maybe; // who asks for more has passed on what it had
        }
        while (!cut && said == HELLO_BYTES && !hasMore()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
        if (cut) {
            throw new IOException("cut");
        }
        int wanted = Math.min(most, 1 + random.nextInt(random.nextBoolean() ? 40 : 900));
        if (said < HELLO_BYTES) {
            ByteBuffer hello = ByteBuffer.allocate(HELLO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            hello.putInt(lane).putInt(received).putInt(input.length);
            int count = Math.min(wanted, HELLO_BYTES - said);
            System.arraycopy(hello.array(), said, into, offset, count);
            said += count;
            return count;
        }
        if (position == input.length) {
            into[offset] = 1;
            position++;
            maybe++;
            return 1;
        }
        int count = Math.min(wanted, input.length - position);
        System.arraycopy(input, position, into, offset, count);
        position += count;
        maybe += count;
        return count;
    }

    private boolean hasMore() {
        return told == Integer.BYTES
                && (position < input.length || position == input.length && received == input.length);
    }

    private synchronized void receive(byte[] bytes, int offset, int length) throws IOException {
        if (cut) {
            throw new IOException("cut");
        }
        int at = offset;
        int end = offset + length;
        while (told < Integer.BYTES && at < end) {
            header.put(told++, bytes[at++]);
            if (told == Integer.BYTES) {
                begin(header.getInt(0));
            }
        }
        if (end - at > output.length - received) {
            fail("more output than there is");
            throw new IOException("too much");
        }
        System.arraycopy(bytes, at, output, received, end - at);
        received += end - at;
        notifyAll();
    }

    private void begin(int has) {
        if (has != surely && has != maybe) {
            fail("the program has received " + has + " bytes of those " + surely + " that it was sent"
                    + (maybe > surely ? ", or " + maybe : ""));
        }
        position = has;
        surely = has;
        maybe = has;
    }

    private void pause() {
        int nanos;
        synchronized (this) {
            nanos = random.nextInt(8) == 0 ? random.nextInt(PAUSE_NANOS_MAX) : 0;
        }
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }

    private final class FromClient extends InputStream {
        @Override
        public int read() {
            throw new IllegalStateException("bytes are read in pieces");
        }

        @Override
        public int read(byte[] into, int offset, int most) throws IOException {
            pause();
            return next(into, offset, most);
        }
    }

    private final class ToClient extends OutputStream {
        @Override
        public void write(int b) {
            throw new IllegalStateException("bytes are written in pieces");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            pause();
            receive(bytes, offset, length);
        }
    }
}
