// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import java.io.IOException;

/** A call that waits for its reply. */
public final class Call {
    private byte[] reply;
    private boolean lost;

    Call() {}

    /**
     * Waits for the reply.
     *
     * @throws IOException where the service isn't available any more
     */
    public byte[] await() throws IOException {
        while (reply == null && !lost) {
            Packets.transfer(-1);
        }
        if (lost) {
            throw new IOException("the service is not available any more");
        }
        return reply;
    }

    /** The reply, or null where it hasn't arrived. */
    public byte[] reply() {
        return reply;
    }

    /** Whether there won't be a reply, as the service isn't available any more. */
    public boolean lost() {
        return lost;
    }

    /** Null where there won't be any. */
    void received(byte[] content) {
        reply = content;
        lost = content == null;
    }
}
