// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The process's standard input on Linux. Bytes are read only when they are there and the guest takes them, so that
/// a guest that is saved while it waits leaves everything to whoever reads this input next.
final class SystemInput implements StreamInput {
    private static final int READ_BYTES = 8192;

    private final FileInputStream stream = new FileInputStream(FileDescriptor.in);
    private @Nullable StandardStreamType type;
    private @Nullable ReadyWatch watch;

    @Override
    public int available() throws IOException {
        int available = stream.available();
        if (available > 0) {
            return available;
        }
        if (kind() == StandardStreamType.REGULAR) {
            return END;
        }
        if (!watch().ready()) {
            return 0;
        }
        // Ready with nothing to read is the end, unless the bytes came between the two looks.
        available = stream.available();
        return available > 0 ? available : END;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int available = available();
        if (available == 0) {
            return 0;
        }
        int room = Math.min(target.remaining(), READ_BYTES);
        byte[] bytes = new byte[available == END ? room : Math.min(available, room)];
        int count = stream.read(bytes);
        if (count < 0) {
            return END;
        }
        target.put(bytes, 0, count);
        return count;
    }

    @Override
    public void whenReady(Runnable ready) {
        watch().whenReady(ready);
    }

    @Override
    public FileType type() {
        return kind().fileType();
    }

    private StandardStreamType kind() {
        StandardStreamType known = type;
        if (known == null) {
            known = StandardStreamType.of(0);
            type = known;
        }
        return known;
    }

    private ReadyWatch watch() {
        ReadyWatch made = watch;
        if (made == null) {
            made = new ReadyWatch(0, ReadyWatch.POLLIN);
            watch = made;
        }
        return made;
    }
}
