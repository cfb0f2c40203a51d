// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Standard output or standard error, as virtual threads write it. A thread of the system's does it, as the
/// one that writes may have to wait for whoever reads; the virtual thread waits without holding up others.
/// Thread-safe.
public final class SharedOutput extends OutputStream {
    private final OutputStream target;
    private final String name;

    // All below is guarded by `this`.
    private @Nullable Piece current;
    private @Nullable String lost;
    private @Nullable Thread thread;

    /// Bytes that aren't changed any more.
    private static final class Piece {
        private final byte[] array;
        private final int offset;
        private final int length;
        private boolean written;
        private @Nullable IOException failure;

        Piece(byte[] array, int offset, int length) {
            this.array = array;
            this.offset = offset;
            this.length = length;
        }
    }

    /// @param name of the stream
    public SharedOutput(OutputStream target, String name) {
        this.target = target;
        this.name = name;
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    /// Returns when they have been written.
    ///
    /// @param bytes that aren't changed any more, as they may still be written after an interruption
    /// @throws InterruptedIOException where the thread is interrupted before that: they will be written all the
    ///     same, or some of them, before what is written next
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        Piece piece = new Piece(bytes, offset, length);
        try {
            while (current != null) {
                wait();
            }
            current = piece;
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name(name).start(this::run);
            }
            notifyAll();
            while (!piece.written) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        IOException failure = piece.failure;
        if (failure != null) {
            throw failure;
        }
    }

    /// Why something could not be written; empty where everything was.
    public synchronized Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    private void run() {
        while (true) {
            Piece piece = awaitPiece();
            IOException failure = null;
            try {
                target.write(piece.array, piece.offset, piece.length);
                target.flush();
            } catch (IOException e) {
                failure = e;
            }
            written(piece, failure);
        }
    }

    private synchronized Piece awaitPiece() {
        while (true) {
            Piece piece = current;
            if (piece != null) {
                return piece;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt it: it ends with the process.
            }
        }
    }

    private synchronized void written(Piece piece, @Nullable IOException failure) {
        piece.written = true;
        piece.failure = failure;
        if (failure != null && lost == null) {
            lost = String.valueOf(failure.getMessage());
        }
        current = null;
        notifyAll();
    }

    /// It isn't the connection's alone, and stays open.
    @Override
    public void close() {}
}
