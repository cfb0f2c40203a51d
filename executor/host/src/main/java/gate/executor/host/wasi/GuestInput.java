// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Standard input as the guest sees it: first the bytes that a saved state carried, then what comes now.
final class GuestInput {
    private final StreamInput source;
    private final byte[] carried;
    private int position;

    GuestInput(StreamInput source, Bytes carried) {
        this.source = source;
        this.carried = carried.toArray();
    }

    int available() throws IOException {
        return position < carried.length ? carried.length - position : source.available();
    }

    int read(ByteBuffer target) throws IOException {
        if (position == carried.length) {
            return source.read(target);
        }
        int count = Math.min(target.remaining(), carried.length - position);
        target.put(carried, position, count);
        position += count;
        return count;
    }

    void whenReady(Runnable ready) {
        source.whenReady(ready);
    }

    /// What was taken from the source and the guest has not read.
    Bytes unread() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(carried, position, carried.length - position);
        all.writeBytes(source.unread());
        return Bytes.of(all.toByteArray());
    }
}
