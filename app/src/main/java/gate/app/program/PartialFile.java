// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A file that is being written, under a name that says so, beside the one that it is to become:
/// `.NAME.PROCESS-NUMBER.partial`.
///
/// Its writer holds a lock on it, which ends with the process however that ends. So one that nobody holds is
/// rubbish of a process that was killed, and the next that wants to write there removes it: [#sweep(Path)].
final class PartialFile {
    private static final String SUFFIX = ".partial";

    /// What this process is writing. Locks belong to processes: closing a second channel to such a file would
    /// end the first one's lock.
    private static final Set<Path> WRITTEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Path path;
    private final FileChannel channel;

    private PartialFile(Path file, Path path, FileChannel channel) {
        this.file = file;
        this.path = path;
        this.channel = channel;
    }

    /// @param file what it is to become
    static PartialFile create(Path file) throws IOException {
        while (true) {
            Path path = file.resolveSibling(
                    prefix(file) + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + SUFFIX);
            WRITTEN_HERE.add(path);
            try {
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                lock(channel);
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    return new PartialFile(file, path, channel);
                }
                channel.close(); // swept away in the moment before it was locked
            } catch (FileAlreadyExistsException e) {
                // Another process with our number, in another container: the next name is another.
            } catch (IOException e) {
                WRITTEN_HERE.remove(path);
                throw e;
            }
            WRITTEN_HERE.remove(path);
        }
    }

    private static void lock(FileChannel channel) {
        try {
            FileLock _ = channel.lock();
        } catch (IOException e) {
            // A file system without locks: nobody can lock it to sweep it either.
        }
    }

    private static String prefix(Path file) {
        return "." + file.getFileName() + ".";
    }

    FileChannel channel() {
        return channel;
    }

    /// Gives it its name, in place of what has it. Complete and on the disk when this returns: the contents are
    /// forced before the name changes, so that no power failure leaves a name without contents.
    void replace() throws IOException {
        channel.force(true);
        Files.move(path, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        close();
        forceFolder();
    }

    /// As [#replace()], where nothing has that name.
    ///
    /// @throws FileAlreadyExistsException where something has it, maybe since a moment
    void publish() throws IOException {
        channel.force(true);
        try {
            Files.createLink(file, path);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without links (FAT). The name is taken first, so that nobody else's is replaced.
            Files.createFile(file);
            Files.move(path, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        discard();
        forceFolder();
    }

    /// Removes it, where it is still there. Any thread may call it.
    void discard() throws IOException {
        Files.deleteIfExists(path);
        close();
    }

    private void close() throws IOException {
        channel.close();
        WRITTEN_HERE.remove(path);
    }

    /// Makes the new name durable.
    private void forceFolder() throws IOException {
        FileChannel folder;
        try {
            folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ);
        } catch (IOException e) {
            return; // some systems don't open folders; there nothing more can be done
        }
        try (folder) {
            folder.force(true);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage())
                    .contains("Invalid argument")) { // a file system that needs no such thing
                throw new IOException("it may not survive a power failure: " + e.getMessage(), e);
            }
        }
    }

    /// Removes what processes that were killed have left of `file`. What can't be removed stays: it does no
    /// harm.
    static void sweep(Path file) {
        DirectoryStream.Filter<Path> left = path -> {
            String name = String.valueOf(path.getFileName());
            return name.startsWith(prefix(file))
                    && name.substring(prefix(file).length()).matches("[0-9]+-[0-9a-f]+\\.partial")
                    && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        };
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(file.resolveSibling(""), left)) {
            for (Path path : paths) {
                if (!WRITTEN_HERE.contains(path)) {
                    removeUnlessWritten(path);
                }
            }
        } catch (IOException e) {
            // A folder that can be written and not listed.
        }
    }

    private static void removeUnlessWritten(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock() != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Somebody else's file, or a file system without locks.
        }
    }
}
