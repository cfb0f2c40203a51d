// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

/// A program has broken a rule of the packet protocol: reference 1.4. It ends for it, KILLED with cause ABI_VIOLATION,
/// and the message is public. It has no stack trace: programs cause it at will.
public final class PacketViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PacketViolation(String message) {
        super(message, null, false, false);
    }

    /// The public text.
    public String text() {
        return String.valueOf(getMessage());
    }
}
