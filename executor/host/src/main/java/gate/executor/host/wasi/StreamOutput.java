// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// A guest's standard output or standard error. No method waits long: a guest that waits must be able to stop.
///
/// For one writing thread at a time.
public interface StreamOutput {
    /// Whether a write would take at least one byte now.
    boolean writable() throws IOException;

    /// Writes bytes from the buffer's position on and moves it by as many.
    ///
    /// @return how many: 0 where it would have to wait
    int write(ByteBuffer source) throws IOException;

    /// Runs `ready` once, on any thread and maybe early, when it is [#writable()]; replaces an earlier one.
    void whenWritable(Runnable ready);

    default FileType type() {
        return FileType.UNKNOWN;
    }

    /// The process's standard output.
    static StreamOutput systemOutput() {
        return new SystemOutput(1);
    }

    /// The process's standard error.
    static StreamOutput systemError() {
        return new SystemOutput(2);
    }

    /// Writes to a stream that never waits long, such as one in memory.
    static StreamOutput to(OutputStream stream) {
        return new PlainOutput(stream);
    }
}
