// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Packet;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads a client's data directly into the arrays of packets. Their size follows the client's speed: one
/// that sends little at a time makes nobody keep large arrays. For one thread.
final class InputReader {
    private static final int SMALLEST = 2048;

    private final InputStream in;
    private int size = SMALLEST;
    private byte[] bytes = {};

    InputReader(InputStream in) {
        this.in = in;
    }

    /// @param most bytes that may be read, at least one
    /// @return how many were read; negative where there won't be more, for whatever reason
    int read(int most) {
        int wanted = Math.min(Math.min(most, size), Data.LENGTH_MAX);
        if (bytes.length < Data.HEADER_BYTES + wanted) {
            bytes = Data.allocate(wanted);
        }
        int count;
        try {
            count = in.read(bytes, Data.HEADER_BYTES, wanted);
        } catch (IOException | RuntimeException e) {
            return -1; // the client is gone, in whatever way its stream says it
        }
        if (count == size) {
            size = Math.min(size * 2, Data.LENGTH_MAX);
        } else if (count < size / 4) {
            size = Math.max(size / 2, SMALLEST);
        }
        return count;
    }

    /// A copy of what was read.
    byte[] bytes(int count) {
        return Arrays.copyOfRange(bytes, Data.HEADER_BYTES, Data.HEADER_BYTES + count);
    }

    /// A packet of what was read.
    Packet packet(int stream, int count) {
        byte[] packet = bytes;
        if (count < (bytes.length - Data.HEADER_BYTES) / 2) {
            packet = Arrays.copyOf(bytes, Data.HEADER_BYTES + count);
        } else {
            bytes = new byte[0];
        }
        return Data.of(packet, count, 0, stream, 0);
    }
}
