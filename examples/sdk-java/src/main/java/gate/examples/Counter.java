// SPDX-License-Identifier: Apache-2.0
package gate.examples;

import gate.guest.Gate;
import gate.guest.GateStream;
import gate.guest.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Tells whoever connects the next number, and another one for every line that they send. It counts on when it was stopped,
 * saved and resumed: its connections are lost then, and it accepts new ones.
 */
public final class Counter {
    private int number;

    private Counter() {}

    private void serve(GateStream stream) throws IOException {
        byte[] input = new byte[256];
        if (Gate.resumed()) {
            print(stream, "welcome back");
        }
        tell(stream);
        for (int count = stream.read(input, 0, input.length); count > 0; count = stream.read(input, 0, input.length)) {
            for (int i = 0; i < count; i++) {
                if (input[i] == '\n') {
                    tell(stream);
                }
            }
        }
    }

    private void tell(GateStream stream) throws IOException {
        number++;
        print(stream, Integer.toString(number));
    }

    private static void print(GateStream stream, String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
    }

    public static void main(String[] args) throws IOException {
        Counter counter = new Counter();
        Service origin = Gate.discoverOne("origin");
        while (true) {
            GateStream stream = Gate.accept(origin);
            try (stream) {
                counter.serve(stream);
            } catch (IOException e) {
                // Who was connected is gone; the next one is told the next number.
            }
        }
    }
}
