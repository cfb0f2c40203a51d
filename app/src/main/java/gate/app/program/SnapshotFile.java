// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.engine.runtime.Execution;
import gate.engine.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that a program is saved to. It appears under its name only when it is complete and on the disk: it is written
/// beside it and then renamed, so that a file that was there before is never lost for a broken one.
public final class SnapshotFile {
    private static final long PROGRESS_AFTER_NANOS = 1_000_000_000L;
    private static final long PROGRESS_EVERY_NANOS = 250_000_000L;
    private static final long BYTES_PER_WRITE = 4 << 20;

    private final Path file;
    private volatile @Nullable Path partial;

    private SnapshotFile(Path file) {
        this.file = file;
    }

    /// Checks what can be checked before there is something to save: a program that has computed for a day must not be
    /// lost because a folder doesn't exist.
    ///
    /// @throws CommandFailure where it is clear that nothing can be written there
    public static SnapshotFile at(Path named) {
        Path file = followLinks(named.toAbsolutePath());
        Path folder = file.resolveSibling("");
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CommandFailure(ExitCode.CANNOT_WRITE, named + " is no file that a program can be saved to");
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, "the program can't be saved to " + named + ": there is no folder " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE,
                    "the program can't be saved to " + named + ": " + folder + " isn't writable");
        }
        return new SnapshotFile(file);
    }

    /// Renaming onto a link would replace the link.
    private static Path followLinks(Path file) {
        try {
            return Files.exists(file) ? file.toRealPath() : file;
        } catch (IOException e) {
            return file;
        }
    }

    public Path path() {
        return file;
    }

    /// Saves a stopped program.
    ///
    /// @param hostState what [Guest] wants to know when it goes on
    /// @return the file's size in bytes
    /// @throws CommandFailure where it can't be written: what was there before is unchanged
    public long save(Execution stopped, byte[] hostState, Streams streams) {
        Path beside = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
        try {
            Files.deleteIfExists(beside);
            partial = beside;
            long size;
            try (Progress out = new Progress(
                    FileChannel.open(beside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), streams)) {
                SnapshotWriter.write(stopped, hostState, out);
                out.channel.force(true);
                size = out.channel.size();
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            partial = null;
            forceFolder();
            return size;
        } catch (IOException e) {
            discardPartial();
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, "the program could not be saved to " + file + ": " + e.getMessage());
        }
    }

    /// Removes what has been written so far. Any thread may call it, just before the process ends.
    public void discardPartial() {
        Path written = partial;
        if (written != null) {
            try {
                Files.deleteIfExists(written);
            } catch (IOException e) {
                // It stays, under a name that says what it is.
            }
        }
    }

    /// Makes the new name durable, where the system lets a folder be opened for that.
    private void forceFolder() {
        try (FileChannel folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Not possible here (some systems don't open folders); the contents are safe in any case.
        }
    }

    /// Says how far a long save has come, to a person.
    private static final class Progress implements WritableByteChannel {
        private final FileChannel channel;
        private final Streams streams;
        private final long began = System.nanoTime();
        private final boolean shown;
        private long next = began + PROGRESS_AFTER_NANOS;
        private boolean said;
        private long written;

        Progress(FileChannel channel, Streams streams) {
            this.channel = channel;
            this.streams = streams;
            this.shown = Terminal.isStandardError();
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int whole = source.remaining();
            int limit = source.limit();
            while (source.position() < limit) {
                source.limit((int) Math.min(limit, source.position() + BYTES_PER_WRITE));
                written += channel.write(source);
                source.limit(limit);
                say();
            }
            return whole;
        }

        private void say() {
            long now = System.nanoTime();
            if (shown && now - next >= 0) {
                next = now + PROGRESS_EVERY_NANOS;
                said = true;
                streams.err().printf("\rgate: saving: %,d MiB", written >> 20);
                streams.err().flush();
            }
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (said) {
                streams.err().println();
            }
        }
    }
}
