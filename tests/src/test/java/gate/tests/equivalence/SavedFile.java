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
    private SavedFile() {}

    public static byte[] of(Execution execution) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter.write(execution, new byte[0], Channels.newChannel(out));
        return out.toByteArray();
    }

    /// A changed file with a right checksum at its end, as one has who wants to deceive the reader.
    public static byte[] summed(byte[] changed) {
        byte[] name = new WasmBytes().name("gate.checksum").toArray();
        int sectionBytes = 2 + name.length + 4;
        int end = changed.length;
        if (end > sectionBytes && Arrays.equals(changed, end - 4 - name.length, end - 4, name, 0, name.length)) {
            end -= sectionBytes;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(changed, 0, end);
        return new WasmBytes()
                .bytes(Arrays.copyOf(changed, end))
                .section(0, new WasmBytes().bytes(name).f32((int) checksum.getValue()))
                .toArray();
    }

    public static Snapshot read(byte[] file) throws CorruptSnapshotException {
        return Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT);
    }
}
