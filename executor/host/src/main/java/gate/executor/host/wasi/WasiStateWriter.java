// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the binary format of [WasiState]: `GWSI`, a version, and the fields in the record's order. Numbers
/// are unsigned LEB128, as in WebAssembly; text and bytes have their length before them, lists their count, and
/// what may be null a 0 or 1.
final class WasiStateWriter {
    static final String MAGIC = "GWSI";
    static final int VERSION = 2;

    static final int STREAM = 0;
    static final int FILE = 1;
    static final int DIRECTORY = 2;

    /// From version 2 on.
    static final int DEVICE = 3;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] write(WasiState state) {
        out.writeBytes(MAGIC.getBytes(StandardCharsets.ISO_8859_1));
        number(VERSION);
        texts(state.arguments());
        texts(state.environment());
        number(state.monotonicNanos());
        number(state.cpuNanos());
        number(state.descriptors().size());
        state.descriptors().forEach(this::descriptor);
        bytes(state.input().toArray());
        PendingCall pending = state.pending();
        flag(pending != null);
        if (pending != null) {
            text(pending.function());
            number(pending.progress());
        }
        Integer exitStatus = state.exitStatus();
        flag(exitStatus != null);
        if (exitStatus != null) {
            number(Integer.toUnsignedLong(exitStatus));
        }
        return out.toByteArray();
    }

    private void descriptor(SavedDescriptor descriptor) {
        number(
                switch (descriptor) {
                    case SavedDescriptor.Stream _ -> STREAM;
                    case SavedDescriptor.File _ -> FILE;
                    case SavedDescriptor.Directory _ -> DIRECTORY;
                    case SavedDescriptor.Device _ -> DEVICE;
                });
        number(descriptor.number());
        number(descriptor.common().flags());
        number(descriptor.common().rights());
        number(descriptor.common().inheriting());
        switch (descriptor) {
            case SavedDescriptor.Stream stream -> number(stream.stream());
            case SavedDescriptor.File file -> {
                text(file.preopen());
                text(file.path());
                number(file.access());
                number(file.position());
                flag(file.detached());
            }
            case SavedDescriptor.Device device -> {
                text(device.preopen());
                text(device.path());
                number(device.type().code());
                number(device.access());
                number(device.position());
                flag(device.detached());
            }
            case SavedDescriptor.Directory directory -> {
                text(directory.preopen());
                flag(directory.isPreopen());
                text(directory.path());
                flag(directory.detached());
                List<DirectoryEntry> listing = directory.listing();
                flag(listing != null);
                if (listing != null) {
                    number(listing.size());
                    for (DirectoryEntry entry : listing) {
                        bytes(entry.name().toArray());
                        number(entry.inode());
                        number(entry.type().code());
                    }
                }
            }
        }
    }

    private void texts(List<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
    }

    private void text(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private void flag(boolean value) {
        out.write(value ? 1 : 0);
    }

    private void number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
