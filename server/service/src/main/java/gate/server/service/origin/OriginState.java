// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.server.service.StateReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Origin's state as it is saved: reference 6.4.
///
/// @param accepts calls that wait for a connection
/// @param streams whose connections are lost
record OriginState(int accepts, List<Stream> streams) {
    static final OriginState NEW = new OriginState(0, List.of());

    /// @param input what the client sends and the program receives
    /// @param output what the program sends and the client receives
    record Stream(int id, HalfState input, HalfState output) {}

    /// @throws gate.contract.packet.PacketViolation where it is malformed
    static OriginState read(byte[] state) {
        if (state.length == 0) {
            return NEW;
        }
        StateReader in = new StateReader(Origin.NAME, state);
        int accepts = in.varint();
        if (accepts > OriginStreams.ACCEPTS_MAX) {
            throw in.malformed("outstanding accepts: " + accepts);
        }
        List<Stream> streams = new ArrayList<>();
        if (in.remaining() > 0) {
            int count = in.varint();
            if (count > OriginStreams.STREAMS_MAX) {
                throw in.malformed("streams: " + count);
            }
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < count; i++) {
                Stream stream = new Stream(in.varint(), HalfState.read(in), HalfState.read(in));
                if (!ids.add(stream.id)) {
                    throw in.malformed("stream " + stream.id + " is there twice");
                }
                streams.add(stream);
            }
        }
        in.end();
        return new OriginState(accepts, streams);
    }

    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (accepts > 0 || !streams.isEmpty()) {
            varint(out, accepts);
        }
        if (!streams.isEmpty()) {
            varint(out, streams.size());
        }
        for (Stream stream : streams) {
            varint(out, stream.id);
            stream.input.write(out);
            stream.output.write(out);
        }
        return out.toByteArray();
    }

    static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
