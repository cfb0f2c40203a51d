// SPDX-License-Identifier: Apache-2.0
package gate.examples;

import gate.guest.Gate;
import gate.guest.GateStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Greets whoever connects, and ends. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) throws IOException {
        byte[] greeting = "hello from Java\n".getBytes(StandardCharsets.UTF_8);
        try (GateStream stream = Gate.accept(Gate.discoverOne("origin"))) {
            stream.write(greeting, 0, greeting.length);
        }
        Gate.flush();
    }
}
