// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// What a file's inode says: witx `$filestat`. Times are nanoseconds since 1970.
record FileStat(
        long device,
        long inode,
        FileType type,
        long links,
        long size,
        long accessNanos,
        long modificationNanos,
        long changeNanos) {
    /// A standard stream's: it has a type and nothing else.
    static FileStat ofStream(FileType type) {
        return new FileStat(0, 0, type, 1, 0, 0, 0, 0);
    }

    boolean sameFile(FileStat other) {
        return device == other.device && inode == other.inode;
    }
}
