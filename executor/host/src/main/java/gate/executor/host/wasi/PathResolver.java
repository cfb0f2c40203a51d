// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what a guest's path means inside a directory, and never outside.
///
/// It goes name by name, holding open every directory from the root of the path on. A name is opened as a directory
/// and not followed, so that what was checked is what is used, whatever is renamed meanwhile; `..` goes back to the
/// directory that is held open, never to what the kernel takes for its parent now; symbolic links are read and their
/// targets walked the same way. Decision 0012 says why the kernel's `openat2` isn't used.
final class PathResolver {
    /// Where a path led to: the directory that holds its last name, held open until this is closed, and that name.
    ///
    /// @param directory the process's descriptor
    /// @param name the last name, not to be followed; `.` where the path is the directory itself
    /// @param slash whether the path ended in a slash, so that only a directory will do
    /// @param path the whole way from the root, without links; empty for the root
    record Place(int directory, String name, boolean slash, String path, Walk walk) implements AutoCloseable {
        /// For system calls that treat a final slash as they should and follow nothing: those that make, remove or
        /// rename the name itself.
        String nameWithSlash() {
            return slash && !name.equals(".") ? name + "/" : name;
        }

        @Override
        public void close() {
            walk.close();
        }
    }

    private static final int WALK_FLAGS = HostFiles.O_PATH | HostFiles.O_NOFOLLOW | HostFiles.O_DIRECTORY;

    private final HostFiles files;

    PathResolver(HostFiles files) {
        this.files = files;
    }

    /// @param root descriptor of the directory that the path must not leave; stays the caller's
    /// @param follow whether a symbolic link at the end of the path is followed
    Place resolve(int root, String path, boolean follow) {
        return resolve(root, path, follow, true);
    }

    /// For functions that make, remove or rename the last name itself: they follow no link there, not even where the
    /// path ends in a slash.
    Place resolveName(int root, String path) {
        return resolve(root, path, false, false);
    }

    private Place resolve(int root, String path, boolean follow, boolean slashFollows) {
        Walk walk = new Walk(root);
        try {
            return walk.go(path, follow, slashFollows);
        } catch (RuntimeException e) {
            walk.close();
            throw e;
        }
    }

    /// The target of a link as text.
    static String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WasiError(Errno.ILSEQ);
        }
    }

    /// One path's way. Owns the descriptors of the directories on it.
    private final class Walk {
        private final List<Integer> directories = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final Deque<String> ahead = new ArrayDeque<>();
        private int links;
        private boolean slash;

        Walk(int root) {
            directories.add(root);
        }

        Place go(String path, boolean follow, boolean slashFollows) {
            lookAhead(path);
            while (true) {
                String name = ahead.pop();
                boolean last = ahead.isEmpty();
                if (name.equals("..")) {
                    up();
                } else if (!name.equals(".")) {
                    if (last && (!(follow || slash && slashFollows) || !followed(name))) {
                        return place(name);
                    }
                    if (!last) {
                        down(name);
                    }
                }
                if (ahead.isEmpty()) {
                    return place(".");
                }
            }
        }

        /// Puts a path's names before those that are still ahead.
        private void lookAhead(String path) {
            if (path.isEmpty()) {
                throw new WasiError(Errno.NOENT);
            }
            if (path.startsWith("/")) {
                throw new WasiError(Errno.NOTCAPABLE);
            }
            if (ahead.isEmpty()) {
                slash = slash || path.endsWith("/");
            }
            String[] parts = path.split("/", -1);
            for (int i = parts.length - 1; i >= 0; i--) {
                if (!parts[i].isEmpty()) {
                    ahead.push(parts[i]);
                }
            }
        }

        private void up() {
            if (directories.size() == 1) {
                throw new WasiError(Errno.NOTCAPABLE);
            }
            files.close(directories.removeLast());
            names.removeLast();
        }

        private void down(String name) {
            while (true) {
                int directory = files.open(here(), name, WALK_FLAGS);
                if (directory >= 0) {
                    directories.add(directory);
                    names.add(name);
                    if (directories.size() > WasiLimits.PATH_DEPTH_MAX) {
                        throw new WasiError(Errno.NAMETOOLONG);
                    }
                    return;
                }
                if (directory != -HostFiles.ENOTDIR && directory != -HostFiles.ELOOP) {
                    Kernel.check(directory);
                }
                if (followed(name)) {
                    return;
                }
                if (files.stat(here(), name).type() != FileType.DIRECTORY) {
                    throw new WasiError(Errno.NOTDIR);
                }
                // Someone replaced a link by a directory between the calls; this counts like a link.
                countLink();
            }
        }

        /// Reads the name as a symbolic link and puts its target ahead.
        ///
        /// @return false where it isn't one, or isn't there
        private boolean followed(String name) {
            byte @Nullable [] target = files.linkTarget(here(), name);
            if (target == null) {
                return false;
            }
            countLink();
            lookAhead(text(target));
            return true;
        }

        private void countLink() {
            links++;
            if (links > WasiLimits.SYMBOLIC_LINKS_MAX) {
                throw new WasiError(Errno.LOOP);
            }
        }

        private int here() {
            return directories.getLast();
        }

        private Place place(String name) {
            List<String> all = new ArrayList<>(names);
            if (!name.equals(".")) {
                all.add(name);
            }
            return new Place(here(), name, slash, String.join("/", all), this);
        }

        void close() {
            while (directories.size() > 1) {
                files.close(directories.removeLast());
            }
        }
    }
}
