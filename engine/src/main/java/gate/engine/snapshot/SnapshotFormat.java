// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

/// Names and numbers of the format: `docs/snapshot.md`.
final class SnapshotFormat {
    /// The custom section that a saved program begins with: the format's version, one byte.
    static final String MARKER_SECTION = "gate.saved";

    /// The custom section with everything that the program's own sections can't hold.
    static final String STATE_SECTION = "gate.image";

    /// A custom section with the embedder's state: open files, clocks.
    static final String HOST_SECTION = "gate.host";

    /// Custom sections with memory contents: those of imported memories, and all where there is much.
    static final String MEMORY_SECTION = "gate.memory";

    /// The custom section at the end: CRC-32C of all bytes before it.
    static final String CHECKSUM_SECTION = "gate.checksum";

    /// Reference 7.2: how the program stood.
    static final String SNAPSHOT_SECTION = "gate.snapshot";

    /// Reference 7.3: the exports of a program that goes on where it was, and isn't called.
    static final String EXPORT_SECTION = "gate.export";

    /// Reference 7.4: packets, and states of services.
    static final String BUFFER_SECTION = "gate.buffer";

    /// Reference 7.5: the call stack as the original has it.
    static final String STACK_SECTION = "gate.stack";

    /// Flags of the state section: which of the sections that every saved program has are the program's own.
    static final int OWN_MEMORY = 1;

    static final int OWN_DATA_COUNT = 2;

    static final int OWN_DATA = 4;

    static final int VERSION = 1;

    /// A section's id and size, its name's length and name, and the checksum.
    static final int CHECKSUM_SECTION_BYTES = 3 + CHECKSUM_SECTION.length() + 4;

    /// Above this, memory contents go into custom sections: other engines compile modules of up to 1 GiB.
    static final long DATA_SECTION_MAX = 768L << 20;

    /// Bytes of one memory section.
    static final int MEMORY_SECTION_MAX = 256 << 20;

    /// Data segments that other engines accept.
    static final int SEGMENTS_MAX = 100_000;

    /// Pieces of memory contents that a file may have: what is written has fewer.
    static final int CONTENTS_MAX = (1 << 20) + SEGMENTS_MAX;

    private SnapshotFormat() {}

    /// Whether a custom section is one that we add to those of reference 7.
    static boolean isOurs(String name) {
        return switch (name) {
            case MARKER_SECTION, STATE_SECTION, HOST_SECTION, MEMORY_SECTION, CHECKSUM_SECTION -> true;
            default -> false;
        };
    }

    /// Whether a custom section is one of reference 7.
    static boolean isGates(String name) {
        return switch (name) {
            case SNAPSHOT_SECTION, EXPORT_SECTION, BUFFER_SECTION, STACK_SECTION -> true;
            default -> false;
        };
    }
}
