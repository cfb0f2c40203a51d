// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.executor.host.wasi.StreamInput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/// What a Gate program is connected to first. They stay open when the connection ends: they aren't the
/// connection's alone.
public record StandardStreams(SharedInput input, SharedOutput output) {
    /// This process's.
    public static StandardStreams system() {
        return withInput(StreamInput.system());
    }

    /// Another input, and this process's output.
    public static StandardStreams withInput(StreamInput input) {
        return new StandardStreams(
                new SharedInput(input), new SharedOutput(new FileOutputStream(FileDescriptor.out), "standard-output"));
    }
}
