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

/// A saved program as bytes.
public final class SavedFile {
    private SavedFile() {}

    public static byte[] of(Execution execution) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter.write(execution, new byte[0], Channels.newChannel(out));
        return out.toByteArray();
    }

    public static Snapshot read(byte[] file) throws CorruptSnapshotException {
        return Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT);
    }
}
