// SPDX-License-Identifier: Apache-2.0
package gate.app;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where this process prints: buffered, as a call stack of a million frames is written one number at a time, and
/// remembering whether it got there, as `PrintStream` forgets why it didn't. For one thread.
final class StandardOutput {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Remembering bytes = new Remembering(new FileOutputStream(FileDescriptor.out));
    private final PrintStream stream =
            new PrintStream(new BufferedOutputStream(bytes, BUFFER_BYTES), false, System.out.charset());

    private StandardOutput() {}

    static StandardOutput open() {
        return new StandardOutput();
    }

    PrintStream stream() {
        return stream;
    }

    /// Writes what is left, and tells why something could not be written; empty where everything was.
    Optional<String> lost() {
        stream.flush();
        return Optional.ofNullable(bytes.failure);
    }

    private static final class Remembering extends OutputStream {
        private final OutputStream to;
        private @Nullable String failure;

        Remembering(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                to.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? String.valueOf(e.getMessage()) : failure;
                throw e;
            }
        }
    }
}
