// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.nio.file.Path;

/// A directory of the host that is given to a guest.
///
/// @param host the directory
/// @param guest what the guest calls it; unique among a guest's directories
/// @param readOnly every change through it is refused with `EROFS`, as on a file system mounted so
public record Preopen(Path host, String guest, boolean readOnly) {
    public Preopen {
        if (guest.isEmpty() || guest.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a guest's name for a directory must not be empty or hold a zero");
        }
    }
}
