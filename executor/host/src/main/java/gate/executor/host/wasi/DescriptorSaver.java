// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.ArrayList;
import java.util.List;

/// Makes saved descriptors of open ones. It looks whether each file is still where it was opened.
final class DescriptorSaver {
    private final Wasi wasi;

    DescriptorSaver(Wasi wasi) {
        this.wasi = wasi;
    }

    List<SavedDescriptor> save() {
        List<SavedDescriptor> saved = new ArrayList<>();
        wasi.table().all().forEach((number, descriptor) -> saved.add(save(number, descriptor)));
        return saved;
    }

    private SavedDescriptor save(int number, Descriptor descriptor) {
        SavedDescriptor.Common common =
                new SavedDescriptor.Common(descriptor.flags(), descriptor.rights(), descriptor.inheriting());
        return switch (descriptor) {
            case StandardStream stream -> new SavedDescriptor.Stream(number, common, stream.stream());
            case OpenFile file ->
                new SavedDescriptor.File(
                        number,
                        common,
                        file.preopen().guest(),
                        file.path(),
                        file.access(),
                        file.position(),
                        detached(file.preopen(), file.path(), file));
            case OpenDevice device ->
                new SavedDescriptor.Device(
                        number,
                        common,
                        device.preopen().guest(),
                        device.path(),
                        device.type(),
                        device.access(),
                        Math.max(0, wasi.files().seek(device.file(), 0, HostFiles.SEEK_CUR)),
                        detached(device.preopen(), device.path(), device));
            case OpenDirectory directory ->
                new SavedDescriptor.Directory(
                        number,
                        common,
                        directory.preopen().guest(),
                        directory.isPreopen(),
                        directory.path(),
                        !directory.path().isEmpty() && detached(directory.preopen(), directory.path(), directory),
                        directory.listing());
        };
    }

    private boolean detached(Preopen preopen, String path, Descriptor descriptor) {
        HostFiles files = wasi.files();
        try (PathResolver.Place place = wasi.resolver().resolve(files.root(preopen), path, false)) {
            FileStat now = files.stat(place.directory(), place.name());
            return !now.sameFile(descriptor.stat(files));
        } catch (WasiError e) {
            return true;
        }
    }
}
