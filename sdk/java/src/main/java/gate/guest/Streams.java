// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The streams that aren't over, and connections that wait. */
final class Streams {
    private static final List<GateStream> live = new ArrayList<>();
    private static final ArrayDeque<GateStream> accepted = new ArrayDeque<>();
    private static Service origin;
    private static int wanted;
    private static int asked;

    private Streams() {}

    static boolean listening() {
        return origin != null;
    }

    static void listen(Service service, int connections) {
        origin = service;
        wanted = Math.max(1, Math.min(connections, Gate.CALLS_MAX));
        ask();
    }

    private static void ask() {
        while (origin != null && origin.available() && asked + accepted.size() < wanted) {
            try {
                Service service = origin;
                origin.start(new byte[0], reply -> receivedConnection(service, reply));
            } catch (IOException e) {
                return; // it was available when it was looked at
            }
            asked++;
        }
    }

    private static void receivedConnection(Service service, byte[] reply) {
        asked--;
        if (reply != null && reply.length >= 8 && reply[4] == 0 && reply[5] == 0) {
            int id = reply[0] & 0xFF | (reply[1] & 0xFF) << 8 | (reply[2] & 0xFF) << 16 | reply[3] << 24;
            accepted.add(begin(service, id));
        }
    }

    static GateStream accepted() {
        GateStream stream = accepted.poll();
        ask();
        if (stream != null) {
            stream.grant(Gate.STREAM_WINDOW);
        }
        return stream;
    }

    static GateStream begin(Service service, int id) {
        GateStream stream = new GateStream(service.code(), id);
        live.add(stream);
        return stream;
    }

    private static GateStream find(int service, int id) {
        for (GateStream stream : live) {
            if (stream.is(service, id)) {
                return stream;
            }
        }
        return null;
    }

    static void receivedFlow(int service, int id, int value) {
        GateStream stream = find(service, id);
        if (stream != null) {
            stream.receivedFlow(value);
            forgetIfOver(stream);
        }
    }

    static void receivedData(int service, int id, int note, byte[] bytes, int from, int to) {
        GateStream stream = find(service, id);
        if (stream != null) {
            stream.receivedData(note, bytes, from, to);
            forgetIfOver(stream);
        }
    }

    /** The service is gone. */
    static void lost(int service) {
        for (GateStream stream : List.copyOf(live)) {
            if (stream.isOf(service)) {
                stream.receivedLoss();
                forgetIfOver(stream);
            }
        }
    }

    /** When all four ends were said; its number may mean another stream from then on. */
    static void forgetIfOver(GateStream stream) {
        if (stream.isOver()) {
            live.remove(stream);
        }
    }
}
