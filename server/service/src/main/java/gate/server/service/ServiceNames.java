// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import gate.contract.packet.Discovery;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// How services and their revisions may be called: reference 6.1.
final class ServiceNames {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}\\p{P}]+");
    private static final Pattern REVISION = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{M}\\p{S}]+");

    /// Names of others begin with a domain, or have something else that tells them apart.
    private static final Pattern BUILTIN = Pattern.compile("[^-.:/]+(/.*)?");

    private ServiceNames() {}

    /// @throws IllegalArgumentException saying what is wrong
    static void requireValid(String name, String revision) {
        require(name, NAME, "name");
        require(revision, REVISION, "revision");
    }

    /// @throws IllegalArgumentException where the name isn't one for our own services
    static void requireBuiltin(String name) {
        if (!BUILTIN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a built-in service's name has no dash, dot or colon before its first slash: '" + name + "'");
        }
    }

    private static void require(String text, Pattern pattern, String what) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > Discovery.SERVICE_NAME_BYTES_MAX) {
            throw new IllegalArgumentException("a service's " + what + " has 1 to 127 bytes: '" + text + "'");
        }
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a service's " + what + " has characters that aren't allowed: '" + text + "'");
        }
    }
}
