// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.engine.snapshot.Snapshot;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that a program is saved to. It appears under its name only when it is complete and on the disk: it is
/// written beside it and then renamed, so that a file that was there before is never lost for a broken one.
public final class SnapshotFile {
    private static final long PROGRESS_AFTER_NANOS = 1_000_000_000L;
    private static final long PROGRESS_EVERY_NANOS = 250_000_000L;
    private static final long BYTES_PER_WRITE = 4 << 20;

    private final Path named;
    private final Path file;
    private final boolean replaces;
    private volatile @Nullable PartialFile partial;

    private SnapshotFile(Path named, Path file, boolean replaces) {
        this.named = named;
        this.file = file;
        this.replaces = replaces;
    }

    /// A file that its user has named: a saved program, or nothing, that is there is replaced.
    ///
    /// Checks what can be checked before there is something to save, by beginning to write: a program that has
    /// computed for a day must not be lost because a folder doesn't exist.
    ///
    /// @throws CommandFailure where it is clear that nothing can be written there
    public static SnapshotFile at(Path named) {
        Path file = followLinks(named.toAbsolutePath());
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CommandFailure(ExitCode.CANNOT_WRITE, named + " is no file that a program can be saved to");
        }
        if (Files.exists(file) && !isReplaceable(file)) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE,
                    named + " is there already, and is no saved program: --snapshot replaces only those");
        }
        return checked(new SnapshotFile(named, file, true), named);
    }

    /// An empty file is one that was made to take the name, as `mktemp` does.
    private static boolean isReplaceable(Path file) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.size() == 0
                    || Snapshot.isSnapshot(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE,
                    file + " is there already, and it can't be found out whether it is a saved program: " + reason(e));
        }
    }

    /// A file that isn't there. Where it is when the program has been written, it stays as it is.
    ///
    /// @throws CommandFailure as [#at(Path)]
    public static SnapshotFile fresh(Path named) {
        return checked(new SnapshotFile(named, named.toAbsolutePath(), false), named);
    }

    private static SnapshotFile checked(SnapshotFile made, Path named) {
        Path folder = made.file.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, "the program can't be saved to " + named + ": there is no folder " + folder);
        }
        PartialFile.sweep(made.file);
        try {
            PartialFile.create(made.file).discard();
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, "the program can't be saved to " + named + ": " + reason(e));
        }
        return made;
    }

    /// Renaming onto a link would replace the link.
    private static Path followLinks(Path file) {
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, "the program can't be saved to " + file + ": it is a link to nothing");
        }
        try {
            return Files.exists(file) ? file.toRealPath() : file;
        } catch (IOException e) {
            return file;
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException failed when failed.getReason() != null -> String.valueOf(failed.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }

    /// As its user has written it.
    public Path name() {
        return named;
    }

    public Path path() {
        return file;
    }

    /// Saves a stopped program.
    ///
    /// @return the file's size in bytes
    /// @throws CommandFailure where it can't be written: what was there before is unchanged
    public long save(Saving stopped, Streams streams) {
        try {
            PartialFile written = PartialFile.create(file);
            partial = written;
            long size;
            try (Progress out = new Progress(written.channel(), streams)) {
                stopped.write(out);
                size = written.channel().size();
            }
            if (replaces) {
                written.replace();
            } else {
                written.publish();
            }
            partial = null;
            return size;
        } catch (FileAlreadyExistsException e) {
            discardPartial();
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, file + " has been made by somebody else meanwhile, and stays as it is");
        } catch (IOException e) {
            discardPartial();
            throw new CommandFailure(
                    ExitCode.CANNOT_WRITE, "the program could not be saved to " + file + ": " + reason(e));
        }
    }

    /// Removes what has been written so far. Any thread may call it, just before the process ends.
    public void discardPartial() {
        PartialFile written = partial;
        if (written != null) {
            try {
                written.discard();
            } catch (IOException e) {
                // It stays, under a name that says what it is, for the next one to remove.
            }
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

        /// Ends the line; the channel is its owner's.
        @Override
        public void close() {
            if (said) {
                streams.err().println();
            }
        }
    }
}
