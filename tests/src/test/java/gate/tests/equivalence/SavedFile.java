// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.Execution;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// A saved program as bytes.
public final class SavedFile {
    private static final byte[] CHECKSUM_NAME =
            new WasmBytes().name("gate.checksum").toArray();

    private SavedFile() {}

    public static byte[] of(Execution execution) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter.write(execution, new byte[0], Channels.newChannel(out));
        return out.toByteArray();
    }

    /// A changed file with a right checksum at its end, as one has who wants to deceive the reader.
    public static byte[] summed(byte[] changed) {
        byte[] content = withoutSum(changed);
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        WasmBytes section = new WasmBytes().bytes(CHECKSUM_NAME).f32((int) checksum.getValue());
        return new WasmBytes().bytes(content).section(0, section).toArray();
    }

    /// A file with one more custom section, and a right checksum.
    public static byte[] with(byte[] file, WasmBytes section) {
        return summed(
                new WasmBytes().bytes(withoutSum(file)).section(0, section).toArray());
    }

    private static byte[] withoutSum(byte[] file) {
        int sectionBytes = 2 + CHECKSUM_NAME.length + 4;
        int nameStart = file.length - 4 - CHECKSUM_NAME.length;
        boolean summed = nameStart > 2
                && Arrays.equals(file, nameStart, file.length - 4, CHECKSUM_NAME, 0, CHECKSUM_NAME.length);
        return Arrays.copyOf(file, summed ? file.length - sectionBytes : file.length);
    }

    public static Snapshot read(byte[] file) throws CorruptSnapshotException {
        return Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT);
    }
}
