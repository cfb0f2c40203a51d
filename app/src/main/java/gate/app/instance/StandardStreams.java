// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What a Gate program is connected to first. They stay open when the connection ends: they aren't the connection's
/// alone.
public record StandardStreams(InputStream input, OutputStream output) {
    public StandardStreams {
        input = new FilterInputStream(input) {
            @Override
            public void close() {}
        };
        output = new FilterOutputStream(output) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    /// This process's.
    public static StandardStreams system() {
        return withInput(new FileInputStream(FileDescriptor.in));
    }

    /// Another input, and this process's output.
    public static StandardStreams withInput(InputStream input) {
        return new StandardStreams(input, new FileOutputStream(FileDescriptor.out));
    }
}
