// SPDX-License-Identifier: Apache-2.0
package gate.examples;

import gate.guest.Call;
import gate.guest.Gate;
import gate.guest.GateStream;
import gate.guest.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a program gets that waits for a service over a resumption: it calls one that doesn't reply, until no more calls can
 * wait, and reads from one of its streams. Ends with 0 if either all were answered, or the service is gone and all failed.
 */
public final class Waiting {
    private Waiting() {}

    public static void main(String[] args) throws IOException {
        Service service = Gate.discoverOne("example.com/patience");
        byte[] wait = "wait".getBytes(StandardCharsets.UTF_8);
        GateStream stream = service.callStream(
                "stream".getBytes(StandardCharsets.UTF_8),
                reply -> reply[0] & 0xFF | (reply[1] & 0xFF) << 8 | (reply[2] & 0xFF) << 16 | reply[3] << 24);
        Call[] calls = new Call[Gate.CALLS_MAX];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = service.start(wait);
        }
        // Waits for one of the others.
        boolean gone = fails(() -> service.call(wait));
        must("whether the service is there", gone != service.available());
        for (Call call : calls) {
            must("each call", gone == fails(call::await) && gone == call.lost());
        }
        must("the end of the stream", stream.read(new byte[1], 0, 1) == GateStream.ENDED);
        must("writing", fails(() -> stream.write(wait, 0, 1)));
        stream.close();
        Gate.flush();
    }

    private interface Action {
        void run() throws IOException;
    }

    private static boolean fails(Action action) {
        try {
            action.run();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void must(String what, boolean right) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
