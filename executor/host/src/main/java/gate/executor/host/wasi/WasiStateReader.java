// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads what [WasiStateWriter] writes. The bytes are hostile: every number is checked, and nothing is
/// allocated that the rest of the bytes could not fill.
final class WasiStateReader {
    private static final int LEB_BYTES_MAX = 10;

    private final byte[] bytes;
    private int at;
    private int version;

    WasiStateReader(byte[] bytes) {
        this.bytes = bytes;
    }

    WasiState read() {
        if (bytes.length > WasiLimits.STATE_BYTES_MAX) {
            throw corrupt("longer than " + WasiLimits.STATE_BYTES_MAX + " bytes");
        }
        for (int i = 0; i < WasiStateWriter.MAGIC.length(); i++) {
            if (octet() != WasiStateWriter.MAGIC.charAt(i)) {
                throw corrupt("does not begin with " + WasiStateWriter.MAGIC);
            }
        }
        long written = number();
        if (written < 1 || written > WasiStateWriter.VERSION) {
            throw corrupt("version " + Long.toUnsignedString(written) + " is not known");
        }
        version = (int) written;
        List<String> arguments = texts();
        List<String> environment = texts();
        long monotonicNanos = atMost(WasiLimits.TIME_NANOS_MAX, "time");
        long cpuNanos = atMost(WasiLimits.TIME_NANOS_MAX, "time");
        List<SavedDescriptor> descriptors = descriptors();
        Bytes input = octets(WasiLimits.INPUT_BYTES_MAX, "input");
        PendingCall pending = flag() ? pending() : null;
        Integer exitStatus = flag() ? Integer.valueOf((int) atMost(0xFFFF_FFFFL, "exit status")) : null;
        if (at != bytes.length) {
            throw corrupt("more bytes than belong to it");
        }
        return new WasiState(arguments, environment, monotonicNanos, cpuNanos, descriptors, input, pending, exitStatus);
    }

    private PendingCall pending() {
        String function = text(64, "function");
        if (Preview1.of(function) == null) {
            throw corrupt("unknown function");
        }
        return new PendingCall(function, atMost(Long.MAX_VALUE, "progress"));
    }

    private List<SavedDescriptor> descriptors() {
        int count = (int) atMost(WasiLimits.OPEN_FILES_MAX, "number of descriptors");
        List<SavedDescriptor> descriptors = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < count; i++) {
            SavedDescriptor descriptor = descriptor();
            if (descriptor.number() <= last) {
                throw corrupt("descriptors out of order");
            }
            last = descriptor.number();
            descriptors.add(descriptor);
        }
        return descriptors;
    }

    private SavedDescriptor descriptor() {
        int kinds = version == 1 ? WasiStateWriter.DIRECTORY : WasiStateWriter.DEVICE;
        int kind = (int) atMost(kinds, "kind of descriptor");
        int number = (int) atMost(Integer.MAX_VALUE, "descriptor");
        int flags = (int) atMost(Descriptor.ALL_FLAGS, "descriptor flags");
        SavedDescriptor.Common common = new SavedDescriptor.Common(flags, rights(), rights());
        return switch (kind) {
            case WasiStateWriter.STREAM ->
                new SavedDescriptor.Stream(number, common, (int) atMost(2, "standard stream"));
            case WasiStateWriter.FILE ->
                new SavedDescriptor.File(
                        number,
                        common,
                        name(),
                        path(),
                        (int) atMost(HostFiles.O_RDWR, "access mode"),
                        atMost(Long.MAX_VALUE, "position"),
                        flag());
            case WasiStateWriter.DEVICE ->
                new SavedDescriptor.Device(
                        number,
                        common,
                        name(),
                        path(),
                        deviceType(),
                        (int) atMost(HostFiles.O_RDWR, "access mode"),
                        atMost(Long.MAX_VALUE, "position"),
                        flag());
            default ->
                new SavedDescriptor.Directory(
                        number, common, name(), flag(), path(), flag(), flag() ? listing() : null);
        };
    }

    /// Rights of version 1 weren't enforced, and its directories didn't have two that opening a file may need.
    private long rights() {
        long rights = number();
        boolean opens = version == 1 && (rights & Rights.PATH_OPEN) != 0;
        return opens ? rights | Rights.PATH_FILESTAT_SET_SIZE | Rights.FD_DATASYNC : rights;
    }

    private FileType deviceType() {
        FileType type = fileType();
        if (type != FileType.CHARACTER_DEVICE && type != FileType.UNKNOWN) {
            throw corrupt("no device");
        }
        return type;
    }

    private List<DirectoryEntry> listing() {
        int count = (int) atMost(WasiLimits.DIRECTORY_ENTRIES_MAX + 2L, "number of directory entries");
        List<DirectoryEntry> listing = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            listing.add(new DirectoryEntry(octets(WasiLimits.PATH_BYTES_MAX, "name"), number(), fileType()));
        }
        return listing;
    }

    private FileType fileType() {
        long code = number();
        for (FileType type : FileType.values()) {
            if (type.code() == code) {
                return type;
            }
        }
        throw corrupt("unknown file type");
    }

    private List<String> texts() {
        // Each takes at least a byte, so that a count beyond the rest can be refused at once.
        int count = (int) atMost(bytes.length - at, "number of texts");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(bytes.length, "text"));
        }
        return texts;
    }

    /// A preopen's name, whose length nothing limits but its use.
    private String name() {
        return text(bytes.length, "directory name");
    }

    private String path() {
        // A path through links can be longer than what the guest may pass at once.
        return text(WasiLimits.PATH_BYTES_MAX * WasiLimits.SYMBOLIC_LINKS_MAX, "path");
    }

    private String text(int longest, String what) {
        int start = at;
        Bytes utf8 = octets(longest, what);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8.toArray()))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // Reported below.
        }
        throw new CorruptWasiStateException(what + " that is no text", start);
    }

    private Bytes octets(int longest, String what) {
        int length = (int) atMost(longest, "length of a " + what);
        if (length > bytes.length - at) {
            throw corrupt(what + " goes beyond the end");
        }
        Bytes octets = Bytes.copyOf(bytes, at, at + length);
        at += length;
        return octets;
    }

    private boolean flag() {
        return atMost(1, "flag") == 1;
    }

    private long atMost(long most, String what) {
        long value = number();
        if (value < 0 || value > most) {
            throw corrupt(what + " out of range");
        }
        return value;
    }

    private long number() {
        long value = 0;
        for (int i = 0; i < LEB_BYTES_MAX; i++) {
            int octet = octet();
            if (i == LEB_BYTES_MAX - 1 && octet > 1) {
                break;
            }
            value |= (long) (octet & 0x7F) << (7 * i);
            if (octet < 0x80) {
                return value;
            }
        }
        throw corrupt("number of more than 64 bits");
    }

    private int octet() {
        if (at == bytes.length) {
            throw corrupt("ends too early");
        }
        return Byte.toUnsignedInt(bytes[at++]);
    }

    private CorruptWasiStateException corrupt(String what) {
        return new CorruptWasiStateException(what, at);
    }
}
