// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.server.service.StateReader;
import java.io.ByteArrayOutputStream;

/// One direction of a stream as it is saved: reference 6.4.
///
/// @param subscribing the receiver has not yet said that it wants no more
/// @param connected the client's end is open
/// @param transmitting the sender has not yet said that there is no more
/// @param credit bytes that may still be sent
/// @param data on its way
record HalfState(boolean subscribing, boolean connected, boolean transmitting, int credit, byte[] data) {
    private static final int SUBSCRIBING = 1;
    private static final int CONNECTED = 2;
    private static final int TRANSMITTING = 4;
    private static final int ALL = 7;

    static HalfState read(StateReader in) {
        int flags = in.varint();
        if (flags > ALL) {
            throw in.malformed("stream flags " + flags);
        }
        int credit = in.varint();
        byte[] data = in.bytes(in.varint());
        return new HalfState(
                (flags & SUBSCRIBING) != 0, (flags & CONNECTED) != 0, (flags & TRANSMITTING) != 0, credit, data);
    }

    void write(ByteArrayOutputStream out) {
        int flags = (subscribing ? SUBSCRIBING : 0) | (connected ? CONNECTED : 0) | (transmitting ? TRANSMITTING : 0);
        OriginState.varint(out, flags);
        OriginState.varint(out, credit);
        OriginState.varint(out, data.length);
        out.writeBytes(data);
    }
}
