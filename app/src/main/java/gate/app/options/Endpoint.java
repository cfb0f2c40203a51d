// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.util.regex.Pattern;

/// Where connections to a program come in: a TCP port of this machine alone, or the path of a Unix socket.
///
/// @param text as it was written
public record Endpoint(String text, SocketAddress address) {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int PORT_MAX = 65_535;

    /// @throws IllegalArgumentException with a sentence for the user
    public static Endpoint parse(String text) {
        if (PORT.matcher(text).matches()) {
            int port = Integer.parseInt(text);
            if (port <= PORT_MAX) {
                return new Endpoint(text, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        }
        if (!text.contains("/")) {
            throw new IllegalArgumentException("'" + text
                    + "' is neither a port (0 to 65535, 0 for any that is free) nor a path with a slash in it");
        }
        try {
            return new Endpoint(text, UnixDomainSocketAddress.of(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' can't be a socket's path: " + e.getReason(), e);
        }
    }
}
