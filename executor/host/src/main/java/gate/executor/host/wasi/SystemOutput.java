// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The process's standard output or standard error.
///
/// What is written at once fits: into a pipe at most [#PIPE_BUF] bytes, and only when there is little in it (which the
/// JDK can tell) or Linux says that it has room. So a write is whole or not begun, and a guest that waits for a
/// stalled reader can be stopped. Files and terminals take everything; a terminal that its user has stopped holds up
/// a suspension until it goes on.
final class SystemOutput implements StreamOutput {
    /// What a pipe with room takes whole (`pipe(7)`).
    private static final int PIPE_BUF = 4096;

    /// A pipe that holds no more has room: it has 16 pages, and as a write goes on in the last one where it fits, two
    /// neighbours hold more than one page, so that this much is in ten of them at most.
    private static final int LITTLE_BYTES = 16_384;

    private static final int FILE_BYTES = 65_536;

    private final int file;
    private final FileOutputStream stream;
    private final FileInputStream queue;
    private final byte[] bytes = new byte[FILE_BYTES];
    private @Nullable StandardStreamType type;
    private @Nullable ReadyWatch watch;

    /// @param file 1 or 2
    SystemOutput(int file) {
        this.file = file;
        FileDescriptor descriptor = file == 1 ? FileDescriptor.out : FileDescriptor.err;
        this.stream = new FileOutputStream(descriptor);
        this.queue = new FileInputStream(descriptor);
    }

    @Override
    public boolean writable() {
        return switch (kind()) {
            case REGULAR, CHARACTER -> true;
            case PIPE -> holdsLittle() || watch().ready();
            // Where Linux can't be asked, a write may wait.
            case OTHER -> !SystemCall.supported() || watch().ready();
        };
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!writable()) {
            return 0;
        }
        int most = kind() == StandardStreamType.REGULAR ? FILE_BYTES : PIPE_BUF;
        int count = Math.min(source.remaining(), most);
        source.get(source.position(), bytes, 0, count);
        stream.write(bytes, 0, count);
        source.position(source.position() + count);
        return count;
    }

    @Override
    public void whenWritable(Runnable ready) {
        watch().whenReady(ready);
    }

    @Override
    public FileType type() {
        return kind().fileType();
    }

    /// By `FIONREAD`, which for a pipe counts what is in it at both of its ends. Once Linux has been asked about its
    /// room, that is asked again and nothing is assumed of the pipe.
    private boolean holdsLittle() {
        try {
            return watch == null && queue.available() <= LITTLE_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private StandardStreamType kind() {
        StandardStreamType known = type;
        if (known == null) {
            known = StandardStreamType.of(file);
            type = known;
        }
        return known;
    }

    private ReadyWatch watch() {
        ReadyWatch made = watch;
        if (made == null) {
            made = new ReadyWatch(file, ReadyWatch.POLLOUT);
            watch = made;
        }
        return made;
    }
}
