// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import org.teavm.interop.Address;
import org.teavm.interop.Import;

/**
 * Packets. Each begins with its size (u32), the service's number or -1 for discovery (i16), what kind it is (u8) and, in
 * replies, which of the waiting calls it answers (u8). Packets are padded to a multiple of 8.
 */
final class Packets {
    static final int PACKET_MAX = 65_536;
    static final int HEADER = 8;

    /** With stream id and note. */
    static final int STREAM_HEADER = 16;

    static final int DISCOVERY = -1;

    static final int CALL = 0;
    static final int INFO = 1;
    static final int FLOW = 2;
    static final int DATA = 3;

    private static final byte[] in = new byte[PACKET_MAX];
    private static int inLength;
    private static final byte[] out = new byte[PACKET_MAX];
    private static int outLength;
    private static int outEnd;

    /** Two parts of an address and a length each, two counts, and the flags. */
    private static final int[] results = new int[8];

    private static long happened;
    private static long waitedFor;
    private static int starts;
    private static int startsTold = 1;

    private Packets() {}

    @Import(module = "gate", name = "io_65536")
    private static native void io(
            Address receive,
            int receiveParts,
            Address received,
            Address send,
            int sendParts,
            Address sent,
            long nanos,
            Address flags);

    /** Sends what there is to be sent, receives what there is, and waits for either. */
    static void transfer(long nanos) {
        // Arrays don't move between here and the call, as nothing is allocated.
        Address at = Address.ofData(results);
        at.putInt(Address.ofData(in).add(inLength).toInt());
        at.add(4).putInt(PACKET_MAX - inLength);
        at.add(8).putInt(Address.ofData(out).toInt());
        at.add(12).putInt(outLength);
        at.add(16).putInt(0);
        at.add(20).putInt(0);
        at.add(24).putLong(0);
        io(at, 1, at.add(16), at.add(8), outLength > 0 ? 1 : 0, at.add(20), nanos, at.add(24));
        int received = results[4];
        int sent = results[5];
        int started = results[6] & 1;
        starts += started;
        if (received > 0 || sent > 0 || started != 0) {
            happened++;
        }
        if (sent > 0) {
            outLength -= sent;
            System.arraycopy(out, sent, out, 0, outLength);
        }
        inLength += received;
        int done = 0;
        while (inLength - done >= HEADER) {
            int size = intAt(done);
            if (size < HEADER || size > PACKET_MAX) {
                throw new IllegalStateException("received a packet of " + size + " bytes");
            }
            if (inLength - done < padded(size)) {
                break;
            }
            received(done, size);
            done += padded(size);
        }
        if (done > 0) {
            inLength -= done;
            System.arraycopy(in, done, in, 0, inLength);
        }
    }

    /** Nothing that this calls sends anything: sending may be what waits. */
    private static void received(int at, int size) {
        int service = (short) shortAt(at + 4);
        int domain = in[at + 6] & 15;
        int content = at + HEADER;
        int end = at + size;
        if (service == DISCOVERY && size >= HEADER + 2) {
            Services.receivedStates(domain == CALL, content + 2, Math.min(shortAt(content), end - content - 2));
        }
        if (service < 0 || service >= Services.known()) {
            return; // kinds of packets that are yet to be invented
        }
        switch (domain) {
            case CALL -> Services.at(service).receivedReply(in[at + 7] & 0xFF, bytesAt(content, end));
            case INFO -> Services.at(service).receivedInfo(content, end);
            case FLOW -> {
                for (int entry = content; entry + 8 <= end; entry += 8) {
                    Streams.receivedFlow(service, intAt(entry), intAt(entry + 4));
                }
            }
            case DATA -> {
                if (size >= STREAM_HEADER) {
                    Streams.receivedData(service, intAt(content), intAt(content + 4), in, content + 8, end);
                }
            }
            default -> {}
        }
    }

    static byte stateAt(int at) {
        return in[at];
    }

    static byte[] bytesAt(int from, int to) {
        byte[] bytes = new byte[to - from];
        System.arraycopy(in, from, bytes, 0, bytes.length);
        return bytes;
    }

    private static int shortAt(int at) {
        return in[at] & 0xFF | (in[at + 1] & 0xFF) << 8;
    }

    private static int intAt(int at) {
        return shortAt(at) | shortAt(at + 2) << 16;
    }

    private static int padded(int size) {
        return size + 7 & ~7;
    }

    /** Makes room for a packet, by receiving as long as there is none, and begins it. */
    static void begin(int service, int domain, int size) {
        while (PACKET_MAX - outLength < padded(size)) {
            transfer(-1);
        }
        int next = outLength + padded(size);
        outEnd = outLength;
        for (int i = next - 8; i < next; i++) {
            out[i] = 0; // the padding
        }
        putInt(size);
        putShort(service);
        putByte(domain);
        putByte(0);
    }

    static void putByte(int value) {
        out[outEnd++] = (byte) value;
    }

    static void putShort(int value) {
        putByte(value);
        putByte(value >> 8);
    }

    static void putInt(int value) {
        putShort(value);
        putShort(value >> 16);
    }

    static void putBytes(byte[] bytes, int offset, int length) {
        System.arraycopy(bytes, offset, out, outEnd, length);
        outEnd += length;
    }

    /** The packet is complete. */
    static void end() {
        outLength = padded(outEnd);
    }

    /** Whether content could be sent without waiting. Content that is too long has room: sending it fails. */
    static boolean hasRoom(byte[] content) {
        return content.length > Gate.CONTENT_MAX || PACKET_MAX - outLength >= padded(HEADER + content.length);
    }

    static void sendContent(int service, int domain, byte[] content) {
        if (content.length > Gate.CONTENT_MAX) {
            throw new IllegalArgumentException("content of " + content.length + " bytes");
        }
        begin(service, domain, HEADER + content.length);
        putBytes(content, 0, content.length);
        end();
    }

    /** How many bytes of data a packet could have without waiting. */
    static int dataRoom() {
        if (PACKET_MAX - outLength <= STREAM_HEADER) {
            transfer(0);
        }
        return Math.max(PACKET_MAX - outLength - STREAM_HEADER, 0);
    }

    static void await(long nanos) {
        if (waitedFor == happened) {
            transfer(nanos);
        }
        waitedFor = happened;
    }

    static void flush() {
        while (outLength > 0) {
            transfer(-1);
        }
    }

    /** The first start isn't one. */
    static boolean resumed() {
        boolean resumed = starts > startsTold;
        startsTold = Math.max(startsTold, starts);
        return resumed;
    }
}
