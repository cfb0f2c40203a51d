// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a standard stream of this process is, found without a native call.
enum StandardStreamType {
    REGULAR,
    CHARACTER,
    PIPE,
    OTHER;

    static StandardStreamType of(int file) {
        try {
            int mode = (Integer) Files.getAttribute(Path.of("/proc/self/fd/" + file), "unix:mode");
            return switch (mode >>> 12 & 0xF) {
                case 0x1 -> PIPE;
                case 0x2 -> CHARACTER;
                case 0x8 -> REGULAR;
                default -> OTHER;
            };
        } catch (IOException | RuntimeException e) {
            // No /proc, or not Linux.
            return OTHER;
        }
    }

    /// What the guest is told. A regular file is of unknown type, because as a standard stream it can't be sought in.
    FileType fileType() {
        return this == CHARACTER ? FileType.CHARACTER_DEVICE : FileType.UNKNOWN;
    }
}
