// SPDX-License-Identifier: Apache-2.0
package gate.guest;

/** A call that waits for its reply. */
public final class Call {
    private byte[] reply;

    Call() {}

    /** Waits for the reply. */
    public byte[] await() {
        while (reply == null) {
            Packets.transfer(-1);
        }
        return reply;
    }

    /** The reply, or null where it hasn't arrived. */
    public byte[] reply() {
        return reply;
    }

    void received(byte[] content) {
        reply = content;
    }
}
