// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// What a file is: witx `$filetype`.
public enum FileType {
    UNKNOWN(0),
    BLOCK_DEVICE(1),
    CHARACTER_DEVICE(2),
    DIRECTORY(3),
    REGULAR_FILE(4),
    SOCKET_DGRAM(5),
    SOCKET_STREAM(6),
    SYMBOLIC_LINK(7);

    private final int code;

    FileType(int code) {
        this.code = code;
    }

    /// The guest's number.
    public int code() {
        return code;
    }

    /// By Linux's `st_mode`. A pipe is [#UNKNOWN]: preview 1 has no word for it.
    static FileType ofMode(int mode) {
        return ofDirent(mode >>> 12 & 0xF);
    }

    /// By the `d_type` of a Linux directory entry, which is the upper four bits of a mode.
    static FileType ofDirent(int type) {
        return switch (type) {
            case 0x2 -> CHARACTER_DEVICE;
            case 0x4 -> DIRECTORY;
            case 0x6 -> BLOCK_DEVICE;
            case 0x8 -> REGULAR_FILE;
            case 0xA -> SYMBOLIC_LINK;
            case 0xC -> SOCKET_STREAM;
            default -> UNKNOWN;
        };
    }
}
