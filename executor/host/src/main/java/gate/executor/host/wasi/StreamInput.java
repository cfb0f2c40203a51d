// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// A guest's standard input. No method waits: a guest that waits must be able to stop.
///
/// For one reading thread at a time.
public interface StreamInput {
    /// Answer of [#available()]: no more bytes will come, or a terminal's user has ended this input.
    int END = -1;

    /// How many bytes can be read now: 0 where none has come yet, [#END] where a read would report the end.
    int available() throws IOException;

    /// Takes bytes, at most as many as there is room for and [#available()] told of.
    ///
    /// @return how many, or [#END]
    int read(ByteBuffer target) throws IOException;

    /// Runs `ready` once, on any thread and maybe early, when [#available()] is no longer 0; replaces an earlier one.
    void whenReady(Runnable ready);

    /// Bytes taken from where they come from that no [#read(ByteBuffer)] has had: they belong in a saved state.
    default byte[] unread() {
        return new byte[0];
    }

    default FileType type() {
        return FileType.UNKNOWN;
    }

    /// The process's own standard input: on Linux read only when there is something to be read, elsewhere by
    /// [#pumped(InputStream)].
    static StreamInput system() {
        return SystemCall.supported() ? new SystemInput() : pumped(System.in);
    }

    /// Bytes of `source`, read by a thread of its own when the guest wants some. What it reads while the guest is
    /// stopped is kept for the guest, or for its saved state; but a read that is under way when the state is saved
    /// can still take bytes, which then are in no saved state.
    static StreamInput pumped(InputStream source) {
        return new PumpedInput(source);
    }

    /// No input: the end at once.
    static StreamInput empty() {
        return pumped(InputStream.nullInputStream());
    }
}
