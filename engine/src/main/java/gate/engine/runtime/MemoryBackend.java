// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Where linear memories come from: [#arena()] or [#mapped()].
@FunctionalInterface
public interface MemoryBackend {
    /// A zero-filled memory of the initial size. The caller owns and closes it.
    ///
    /// @throws OutOfMemoryError where the host has no memory of that size
    Memory allocate(MemoryShape shape);

    /// Memories allocated through the JDK: no JVM flag, no warning; every page is zero-filled and paid for when it
    /// is allocated, and growing copies. For the engine as a library in somebody else's process.
    static MemoryBackend arena() {
        return ArenaMemory::allocate;
    }

    /// Memories mapped from the operating system: untouched pages cost nothing, growing doesn't copy. Needs
    /// `--enable-native-access` and Linux.
    static MemoryBackend mapped() {
        return MappedMemory::allocate;
    }
}
