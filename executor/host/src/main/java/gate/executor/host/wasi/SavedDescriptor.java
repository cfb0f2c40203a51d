// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open descriptor in a [WasiState].
public sealed interface SavedDescriptor {
    /// The guest's number.
    int number();

    Common common();

    /// What every descriptor has.
    ///
    /// @param flags witx `$fdflags`
    /// @param rights witx `$rights`
    record Common(int flags, long rights, long inheriting) {}

    /// A standard stream.
    ///
    /// @param stream 0 input, 1 output, 2 error
    record Stream(int number, Common common, int stream) implements SavedDescriptor {}

    /// A regular file.
    ///
    /// @param preopen the guest's name of the preopened directory it is in
    /// @param path from there
    /// @param access Linux's 0 read, 1 write, 2 both
    /// @param detached whether the path led to another file or none when this was saved
    record File(int number, Common common, String preopen, String path, int access, long position, boolean detached)
            implements SavedDescriptor {
        String describe() {
            return "file \"" + path + "\" in \"" + preopen + "\" (descriptor " + number + ")";
        }
    }

    /// A character device or named pipe.
    ///
    /// @param preopen as of a file, and so on
    /// @param type a pipe is [FileType#UNKNOWN]
    /// @param position the kernel's; 0 where it has none
    record Device(
            int number,
            Common common,
            String preopen,
            String path,
            FileType type,
            int access,
            long position,
            boolean detached)
            implements SavedDescriptor {
        String describe() {
            return (type == FileType.UNKNOWN ? "pipe" : "device") + " \"" + path + "\" in \"" + preopen
                    + "\" (descriptor " + number + ")";
        }
    }

    /// A directory.
    ///
    /// @param isPreopen whether it is the preopened directory itself, as it was given
    /// @param path from the preopen; empty for the same directory
    /// @param listing what the guest is reading entries from, or null
    record Directory(
            int number,
            Common common,
            String preopen,
            boolean isPreopen,
            String path,
            boolean detached,
            @Nullable List<DirectoryEntry> listing)
            implements SavedDescriptor {
        public Directory {
            listing = listing == null ? null : List.copyOf(listing);
        }

        String describe() {
            return "directory \"" + path + "\" in \"" + preopen + "\" (descriptor " + number + ")";
        }
    }
}
