// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A stream of bytes in both directions.
 *
 * <p>Both directions end in two steps: who sends says that there is no more, who receives that it wants no more. A stream is
 * over when all four were said.
 */
public final class GateStream implements Closeable {
    /** {@link #readSome}: there is nothing yet. */
    public static final int NOTHING = -2;

    /** {@link #readSome}, {@link #writeSome}: there is no more, or no more is wanted. */
    public static final int ENDED = -1;

    private final int service;
    private final int id;
    private final byte[] buffer = new byte[Gate.STREAM_WINDOW];
    private int start;
    private int length;

    /** Bytes that the other side has granted. */
    private long sendable;

    /** Bytes read that haven't been granted again. */
    private int consumed;

    private boolean saidEnd;
    private boolean saidEnough;
    private boolean ended;
    private boolean enough;
    private int note;

    GateStream(int service, int id) {
        this.service = service;
        this.id = id;
    }

    boolean is(int otherService, int otherId) {
        return service == otherService && id == otherId;
    }

    boolean isOf(int otherService) {
        return service == otherService;
    }

    void receivedLoss() {
        ended = true;
        enough = true;
    }

    boolean isOver() {
        return saidEnd && saidEnough && ended && enough;
    }

    void receivedFlow(int value) {
        if (value > 0) {
            sendable += value;
        }
        enough |= value == 0;
    }

    void receivedData(int newNote, byte[] bytes, int from, int to) {
        int count = to - from;
        if (count == 0) {
            ended = true;
            note = newNote;
        } else if (!saidEnough && !ended) {
            if (count > buffer.length - length) {
                throw new IllegalStateException("more data than was granted");
            }
            int end = (start + length) % buffer.length;
            int first = Math.min(count, buffer.length - end);
            System.arraycopy(bytes, from, buffer, end, first);
            System.arraycopy(bytes, from + first, buffer, 0, count - first);
            length += count;
        }
    }

    void grant(int bytes) {
        Packets.begin(service, Packets.FLOW, Packets.STREAM_HEADER);
        Packets.putInt(id);
        Packets.putInt(bytes);
        Packets.end();
    }

    private void data(byte[] bytes, int offset, int count) {
        Packets.begin(service, Packets.DATA, Packets.STREAM_HEADER + count);
        Packets.putInt(id);
        Packets.putInt(0);
        Packets.putBytes(bytes, offset, count);
        Packets.end();
    }

    /** Waits for data. Says how many bytes there were; {@link #ENDED}: there are no more, or the other side is gone. */
    public int read(byte[] bytes, int offset, int count) {
        while (true) {
            int done = readSome(bytes, offset, count);
            if (done != NOTHING) {
                return done;
            }
            Packets.transfer(-1);
        }
    }

    /** The same without waiting: {@link #NOTHING} where there is nothing yet. */
    public int readSome(byte[] bytes, int offset, int count) {
        if (count == 0) {
            return 0;
        }
        if (length == 0) {
            return ended || saidEnough ? ENDED : NOTHING;
        }
        int taken = Math.min(count, length);
        int first = Math.min(taken, buffer.length - start);
        System.arraycopy(buffer, start, bytes, offset, first);
        System.arraycopy(buffer, 0, bytes, offset + first, taken - first);
        start = (start + taken) % buffer.length;
        length -= taken;
        consumed += taken;
        // A packet for every few bytes would cost more than they do; half of the buffer is still there to be filled.
        if (consumed >= buffer.length / 2 && !ended && !saidEnough) {
            int granted = consumed;
            consumed = 0;
            grant(granted);
        }
        return taken;
    }

    /**
     * Sends all of the bytes, waiting while the other side doesn't receive. What has been sent may still be in the program:
     * {@link Gate#flush}.
     *
     * @throws IOException where the other side wants no more
     */
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int some = writeSome(bytes, offset + done, count - done);
            if (some == ENDED) {
                throw new IOException("the receiver wants no more");
            }
            done += some;
            if (done < count) {
                Packets.transfer(-1);
            }
        }
    }

    /** Sends as much as can be without waiting, and says how many bytes that was; {@link #ENDED}: no more are wanted. */
    public int writeSome(byte[] bytes, int offset, int count) {
        int done = 0;
        while (done < count) {
            int room = Packets.dataRoom();
            if (enough || saidEnd) {
                return done > 0 ? done : ENDED;
            }
            int some = (int) Math.min(Math.min(count - done, room), sendable);
            if (some == 0) {
                break;
            }
            sendable -= some;
            data(bytes, offset + done, some);
            done += some;
        }
        return done;
    }

    /** Half-closes: ends what the program sends. It can still read. */
    public void closeWrite() {
        if (!saidEnd) {
            saidEnd = true;
            data(buffer, 0, 0);
            Streams.forgetIfOver(this);
        }
    }

    /** Half-closes: says that the program reads no more. It can still write. */
    public void closeRead() {
        if (!saidEnough) {
            saidEnough = true;
            length = 0;
            grant(0);
            Streams.forgetIfOver(this);
        }
    }

    /** Closes both directions. What was written before is still delivered. */
    @Override
    public void close() {
        closeWrite();
        closeRead();
    }

    /** What the service has said with the end of what it sends; what it means is the service's matter. */
    public int note() {
        return note;
    }

    /** Closing it is {@link #closeRead}. */
    public InputStream input() {
        return new InputStream() {
            private final byte[] one = new byte[1];

            @Override
            public int read() {
                return GateStream.this.read(one, 0, 1) == ENDED ? ENDED : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                return GateStream.this.read(bytes, offset, count);
            }

            @Override
            public void close() {
                closeRead();
            }
        };
    }

    /** Closing it is {@link #closeWrite}; flushing it {@link Gate#flush}. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                GateStream.this.write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                GateStream.this.write(bytes, offset, count);
            }

            @Override
            public void flush() {
                Gate.flush();
            }

            @Override
            public void close() {
                closeWrite();
            }
        };
    }
}
