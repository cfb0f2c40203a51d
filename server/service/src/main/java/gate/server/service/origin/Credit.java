// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.PacketViolation;

/// Bytes that one side of a stream may still send: reference 1.3, flow packets. 2^31-1 at most.
final class Credit {
    private int bytes;

    Credit(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /// @throws PacketViolation where it would be more than possible
    void add(int more) {
        if (more > Integer.MAX_VALUE - bytes) {
            throw new PacketViolation("stream flow overflow");
        }
        bytes += more;
    }

    /// @throws PacketViolation where it isn't there
    void spend(int count) {
        if (count > bytes) {
            throw new PacketViolation("write stream buffer overflow");
        }
        bytes -= count;
    }
}
