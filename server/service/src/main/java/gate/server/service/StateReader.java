// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import gate.contract.packet.PacketViolation;
import java.util.Arrays;

/// Reads a service's saved state, which may be forged: every method throws a [PacketViolation] where the
/// state is malformed. Nothing is allocated that the state's own size doesn't pay for.
public final class StateReader {
    private static final int VARINT_BYTES_MAX = 5;

    private final String service;
    private final byte[] state;
    private int position;

    /// @param service its name, for the violation's text
    public StateReader(String service, byte[] state) {
        this.service = service;
        this.state = state;
    }

    /// For services that have no state.
    public static void requireEmpty(String service, byte[] state) {
        new StateReader(service, state).end();
    }

    public int uint8() {
        return bytes(1)[0] & 0xFF;
    }

    /// An unsigned LEB128 number of at most 31 bits, the shortest form or not.
    public int varint() {
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            int next = uint8();
            value |= (long) (next & 0x7F) << 7 * i;
            if (next < 0x80) {
                if (value > Integer.MAX_VALUE) {
                    throw malformed("a number is too large");
                }
                return (int) value;
            }
        }
        throw malformed("a number is too long");
    }

    public byte[] bytes(int count) {
        if (count < 0 || count > remaining()) {
            throw malformed("it is truncated");
        }
        position += count;
        return Arrays.copyOfRange(state, position - count, position);
    }

    public int remaining() {
        return state.length - position;
    }

    /// There must be nothing more.
    public void end() {
        if (remaining() > 0) {
            throw malformed("it has " + remaining() + " bytes too many");
        }
    }

    /// To be thrown.
    public PacketViolation malformed(String what) {
        return new PacketViolation("malformed state of service " + service + ": " + what);
    }
}
