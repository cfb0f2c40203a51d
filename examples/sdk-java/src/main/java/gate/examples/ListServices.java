// SPDX-License-Identifier: Apache-2.0
package gate.examples;

import gate.guest.Call;
import gate.guest.Gate;
import gate.guest.GateStream;
import gate.guest.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Says which services there are, and uses some of them. */
public final class ListServices {
    private ListServices() {}

    public static void main(String[] args) throws IOException {
        Service[] services = Gate.discover("origin", "catalog", "identity", "internal/test", "example.com/unknown");
        Service catalog = services[1];
        Service identity = services[2];
        Service test = services[3];
        try (GateStream stream = Gate.accept(services[0])) {
            for (Service service : services) {
                print(stream, service.name() + (service.available() ? ": available" : ": not available"));
            }
            // Two calls at once: what replies say decides which of the calls they answer.
            Call principal = identity.start(new byte[] {0});
            Call instance = identity.start(new byte[] {1});
            print(stream, "run by: " + text(principal.await()));
            print(stream, "instance: " + text(instance.await()));
            if (test.available()) {
                print(stream, "echoed: " + text(test.call("test".getBytes(StandardCharsets.UTF_8))));
            }
            byte[] list = catalog.call("json".getBytes(StandardCharsets.UTF_8));
            stream.write(list, 0, list.length);
        }
        Gate.flush();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void print(GateStream stream, String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
    }
}
