// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.Packet;
import gate.server.service.Service;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The catalog as JSON, with tabs and a newline at its end. Services that would make it too large for a
/// packet are left out, so that it is always complete JSON.
///
/// @param services in their order
record CatalogText(List<Service> services) {
    private static final String BEGIN = "{\n\t\"services\": [";
    private static final String END = "\n\t]\n}\n";

    byte[] utf8() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(bytes(BEGIN));
        boolean first = true;
        for (Service service : services) {
            byte[] entry = bytes((first ? "" : ",") + "\n\t\t{\n\t\t\t\"name\": " + quoted(service.name())
                    + ",\n\t\t\t\"revision\": " + quoted(service.revision()) + "\n\t\t}");
            if (text.size() + entry.length + END.length() <= Packet.CONTENT_MAX) {
                text.writeBytes(entry);
                first = false;
            }
        }
        text.writeBytes(bytes(first ? "]\n}\n" : END));
        return text.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Names and revisions have no control characters.
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
