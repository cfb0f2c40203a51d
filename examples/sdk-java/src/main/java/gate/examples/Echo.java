// SPDX-License-Identifier: Apache-2.0
package gate.examples;

import gate.guest.Gate;
import gate.guest.GateStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives everybody back what they send, as many connections at a time as there are, for ever. A connection that doesn't
 * receive stops itself only: what it sends stays with it.
 */
public final class Echo {
    private final GateStream stream;
    private final byte[] bytes = new byte[4096];
    private int written;
    private int length;

    private Echo(GateStream stream) {
        this.stream = stream;
    }

    /** Does what can be done without waiting. Says whether there will be more. */
    private boolean serve() {
        while (true) {
            if (written == length) {
                int count = stream.readSome(bytes, 0, bytes.length);
                if (count < 0) {
                    return count == GateStream.NOTHING;
                }
                length = count;
                written = 0;
            }
            int count = stream.writeSome(bytes, written, length - written);
            if (count <= 0) {
                return count == 0;
            }
            written += count;
        }
    }

    public static void main(String[] args) {
        Gate.listen(Gate.discoverOne("origin"), 8);
        List<Echo> connections = new ArrayList<>();
        while (true) {
            for (GateStream stream = Gate.accepted(); stream != null; stream = Gate.accepted()) {
                connections.add(new Echo(stream));
            }
            for (int i = connections.size() - 1; i >= 0; i--) {
                if (!connections.get(i).serve()) {
                    connections.remove(i).stream.close();
                }
            }
            Gate.await(-1);
        }
    }
}
