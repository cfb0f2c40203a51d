// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.ArrayList;
import java.util.List;

/// Opens a saved program's descriptors again.
final class DescriptorRestorer {
    private final Wasi wasi;

    DescriptorRestorer(Wasi wasi) {
        this.wasi = wasi;
    }

    void restore(List<SavedDescriptor> descriptors) {
        for (SavedDescriptor saved : descriptors) {
            wasi.table().put(saved.number(), restored(saved));
        }
    }

    private Descriptor restored(SavedDescriptor saved) {
        SavedDescriptor.Common common = saved.common();
        return switch (saved) {
            case SavedDescriptor.Stream stream ->
                new StandardStream(
                        stream.stream(),
                        StandardStream.typeOf(stream.stream(), wasi.world()),
                        common.rights(),
                        common.inheriting(),
                        common.flags());
            case SavedDescriptor.File file -> file(file, common);
            case SavedDescriptor.Device device -> device(device, common);
            case SavedDescriptor.Directory directory -> directory(directory, common);
        };
    }

    private Descriptor file(SavedDescriptor.File saved, SavedDescriptor.Common common) {
        Preopen preopen = preopen(saved.preopen(), saved.describe());
        if (saved.access() != HostFiles.O_RDONLY && preopen.readOnly()) {
            throw new WasiRestoreException(
                    saved.describe() + " was open for writing, and the directory is read-only now");
        }
        FileOpener.Opened opened = open(
                preopen,
                saved.path(),
                saved.access(),
                PathOpenCall.kernelFlags(common.flags()),
                saved.detached(),
                saved.describe());
        if (opened.type() != FileType.REGULAR_FILE) {
            throw another(opened, saved.describe());
        }
        OpenFile file = new OpenFile(
                opened.file(),
                preopen,
                saved.path(),
                saved.access(),
                common.rights(),
                common.inheriting(),
                common.flags());
        file.position(saved.position());
        return file;
    }

    /// What was in a pipe when the program was saved is in no file, and a pipe to be written needs its reader
    /// again.
    private Descriptor device(SavedDescriptor.Device saved, SavedDescriptor.Common common) {
        Preopen preopen = preopen(saved.preopen(), saved.describe());
        if (saved.access() != HostFiles.O_RDONLY && preopen.readOnly()) {
            throw new WasiRestoreException(
                    saved.describe() + " was open for writing, and the directory is read-only now");
        }
        FileOpener.Opened opened = open(preopen, saved.path(), saved.access(), 0, saved.detached(), saved.describe());
        if (opened.type() != saved.type()) {
            throw another(opened, saved.describe());
        }
        if (opened.file() == FileOpener.NO_READER) {
            throw new WasiRestoreException(saved.describe() + " was open for writing, and nobody reads from it now");
        }
        if (saved.position() > 0 && wasi.files().seek(opened.file(), saved.position(), HostFiles.SEEK_SET) < 0) {
            wasi.files().close(opened.file());
            throw new WasiRestoreException(saved.describe() + " has no position " + saved.position());
        }
        return wasi.device(opened, preopen, saved.path(), saved.access(), common);
    }

    /// Closes what was opened, which is of another kind than it was.
    private WasiRestoreException another(FileOpener.Opened opened, String describe) {
        if (opened.file() != FileOpener.NO_READER) {
            wasi.files().close(opened.file());
        }
        String now = switch (opened.type()) {
            case DIRECTORY -> "a directory";
            case REGULAR_FILE -> "a regular file";
            case CHARACTER_DEVICE -> "a device";
            default -> "a pipe";
        };
        return new WasiRestoreException(describe + " is " + now + " now");
    }

    private Descriptor directory(SavedDescriptor.Directory saved, SavedDescriptor.Common common) {
        Preopen preopen = preopen(saved.preopen(), saved.describe());
        OpenDirectory directory;
        if (saved.isPreopen()) {
            directory = OpenDirectory.ofPreopen(preopen, common.rights(), common.inheriting(), common.flags());
        } else {
            String path = saved.path().isEmpty() ? "." : saved.path();
            FileOpener.Opened opened = open(preopen, path, HostFiles.O_RDONLY, 0, saved.detached(), saved.describe());
            if (!opened.isDirectory()) {
                throw another(opened, saved.describe());
            }
            directory = OpenDirectory.below(
                    preopen, opened.file(), saved.path(), common.rights(), common.inheriting(), common.flags());
        }
        List<DirectoryEntry> listing = saved.listing();
        directory.listing(listing == null ? null : new ArrayList<>(listing));
        return directory;
    }

    private FileOpener.Opened open(
            Preopen preopen, String path, int access, int flags, boolean detached, String describe) {
        if (detached) {
            throw new WasiRestoreException(
                    describe + " was deleted, replaced or renamed while it was open, before the program was saved");
        }
        FileOpener.Request request = new FileOpener.Request(false, false, false, false, false, access, flags);
        try {
            return wasi.opener().open(wasi.files().root(preopen), path, request);
        } catch (WasiError e) {
            throw new WasiRestoreException(describe + " can't be opened again: " + reason(e.errno()));
        }
    }

    private Preopen preopen(String guest, String describe) {
        for (Preopen preopen : wasi.world().preopens()) {
            if (preopen.guest().equals(guest)) {
                return preopen;
            }
        }
        throw new WasiRestoreException(
                describe + " was open, but no directory is given for \"" + guest + "\" (--dir HOST::" + guest + ")");
    }

    private static String reason(Errno errno) {
        return switch (errno) {
            case NOENT -> "it is gone";
            case NOTDIR -> "a directory on its path is gone";
            case ISDIR -> "it is a directory now";
            case NOTSUP -> "it is a block device or a socket now";
            case NXIO, NODEV -> "there is no such device here";
            case LOOP -> "it is a symbolic link now";
            case ACCES, PERM -> "permission denied";
            case NOTCAPABLE -> "its path leads out of the directory now";
            default -> errno.name();
        };
    }
}
