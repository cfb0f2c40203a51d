// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Output to a Java stream that is always ready.
final class PlainOutput implements StreamOutput {
    private final OutputStream stream;

    PlainOutput(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        stream.write(bytes);
        stream.flush();
        return bytes.length;
    }

    @Override
    public void whenWritable(Runnable ready) {
        ready.run();
    }
}
