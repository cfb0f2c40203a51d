// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The program's channel to Gate. There is one, so everything is static. Times are nanoseconds, lengths bytes. */
public final class Gate {
    /** Bytes of a call's or a reply's content. */
    public static final int CONTENT_MAX = Packets.PACKET_MAX - Packets.HEADER;

    /** Services that a program discovers in its life, unavailable ones included. */
    public static final int SERVICES_MAX = 256;

    /** Bytes of a service's name. */
    public static final int NAME_MAX = 127;

    /** Calls of one service that wait for replies. A further one waits for these. */
    public static final int CALLS_MAX = 256;

    /** Bytes received on a stream that the program hasn't read. */
    public static final int STREAM_WINDOW = 32_768;

    private Gate() {}

    /**
     * Asks for services by name, and waits for the answer: one service for each name, in this order. Ask for each service
     * once in the program's life: a second time ends it.
     *
     * @throws IllegalArgumentException where a name is empty or too long, or there would be too many services; nothing was
     *     asked then
     */
    public static Service[] discover(String... names) {
        int first = Services.known();
        if (names.length > SERVICES_MAX - first) {
            throw new IllegalArgumentException("more than " + SERVICES_MAX + " services");
        }
        byte[][] encoded = new byte[names.length][];
        int size = Packets.HEADER + 2;
        for (int i = 0; i < names.length; i++) {
            encoded[i] = names[i].getBytes(StandardCharsets.UTF_8);
            if (encoded[i].length == 0 || encoded[i].length > NAME_MAX) {
                throw new IllegalArgumentException("no name of a service: '" + names[i] + "'");
            }
            size += 1 + encoded[i].length;
        }
        Service[] made = new Service[names.length];
        for (int i = 0; i < names.length; i++) {
            made[i] = Services.add(names[i]);
        }
        Packets.begin(Packets.DISCOVERY, Packets.CALL, size);
        Packets.putShort(names.length);
        for (byte[] name : encoded) {
            Packets.putByte(name.length);
            Packets.putBytes(name, 0, name.length);
        }
        Packets.end();
        Services.awaitStates();
        return made;
    }

    /** The same for one service. */
    public static Service discoverOne(String name) {
        return discover(name)[0];
    }

    /**
     * Has so many connections wait for the program to take them, from now on: 1 to {@link #CALLS_MAX}.
     *
     * @param origin the service of that name
     */
    public static void listen(Service origin, int connections) {
        Streams.listen(origin, connections);
    }

    /**
     * Waits for a connection. Listens for one at a time where {@link #listen} wasn't called.
     *
     * @throws IOException where origin isn't available
     */
    public static GateStream accept(Service origin) throws IOException {
        if (!Streams.listening()) {
            listen(origin, 1);
        }
        while (true) {
            GateStream stream = accepted();
            if (stream != null) {
                return stream;
            }
            if (!origin.available()) {
                throw new IOException("origin is not available");
            }
            Packets.transfer(-1);
        }
    }

    /** A new connection, or null where there is none yet. */
    public static GateStream accepted() {
        return Streams.accepted();
    }

    /**
     * Waits until something has been received or sent since this returned last, at most so long; less than 0: for ever. It
     * may return without reason. A program with many streams does everything that it can do without waiting ({@link
     * #accepted}, {@link GateStream#readSome}, {@link GateStream#writeSome}), then this.
     */
    public static void await(long nanos) {
        Packets.await(nanos);
    }

    /** Waits until all that was sent has left the program. To be called before the program ends. */
    public static void flush() {
        Packets.flush();
    }

    /** Whether the program was resumed since this was asked last: its connections were lost, and services may have changed. */
    public static boolean resumed() {
        return Packets.resumed();
    }
}
