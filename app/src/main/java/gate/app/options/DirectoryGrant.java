// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A folder that the guest may use, written `HOST::GUEST` or `HOST::GUEST:ro`.
///
/// @param host the folder on this machine
/// @param guest what the guest calls it
/// @param readOnly whether the guest may only read it
public record DirectoryGrant(Path host, String guest, boolean readOnly) {
    private static final String SEPARATOR = "::";
    private static final String READ_ONLY = ":ro";

    /// Parses a grant. The last `::` divides, so that a folder of the host may have one in its name.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static DirectoryGrant parse(String text) {
        boolean readOnly = text.endsWith(READ_ONLY);
        String pair = readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text;
        int at = pair.lastIndexOf(SEPARATOR);
        if (at <= 0 || at + SEPARATOR.length() == pair.length()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a folder for the guest: write it like data::/data or data::/data:ro");
        }
        try {
            return new DirectoryGrant(
                    Path.of(pair.substring(0, at)), pair.substring(at + SEPARATOR.length()), readOnly);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' names no folder: " + e.getReason(), e);
        }
    }
}
