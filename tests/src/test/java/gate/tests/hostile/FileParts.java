// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import gate.tests.equivalence.SavedFile;
import gate.tests.equivalence.WasmBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// A saved program's sections, to be changed and put together again.
final class FileParts {
    static final String CHECKSUM = "gate.checksum";

    /// A section.
    ///
    /// @param name of a custom section; empty of others
    /// @param content without the name
    record Part(int id, String name, byte[] content) {
        Part withContent(byte[] other) {
            return new Part(id, name, other);
        }

        boolean isGates() {
            return name.startsWith("gate.");
        }
    }

    private FileParts() {}

    /// Takes a file that is whole apart; without the checksum, which is made anew.
    static List<Part> of(byte[] file) {
        List<Part> parts = new ArrayList<>();
        int[] at = {8};
        while (at[0] < file.length) {
            int id = file[at[0]++];
            int size = number(file, at);
            int end = at[0] + size;
            String name = "";
            if (id == 0) {
                int length = number(file, at);
                name = new String(file, at[0], length, StandardCharsets.UTF_8);
                at[0] += length;
            }
            if (!name.equals(CHECKSUM)) {
                parts.add(new Part(id, name, Arrays.copyOfRange(file, at[0], end)));
            }
            at[0] = end;
        }
        return parts;
    }

    private static int number(byte[] bytes, int[] at) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = bytes[at[0]++];
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /// The file of these sections, as it is before its checksum.
    static byte[] join(List<Part> parts) {
        WasmBytes out = new WasmBytes().f32(0x6D736100).f32(1);
        for (Part part : parts) {
            WasmBytes content = new WasmBytes();
            if (part.id() == 0) {
                content.name(part.name());
            }
            out.section(part.id(), content.bytes(part.content()));
        }
        return out.toArray();
    }

    /// The same with the checksum that its reader looks at first.
    static byte[] summed(List<Part> parts) {
        return SavedFile.summed(join(parts));
    }

    static boolean has(List<Part> parts, String name) {
        return parts.stream().anyMatch(part -> part.name().equals(name));
    }

    static byte[] content(byte[] file, String name) {
        return of(file).stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow()
                .content();
    }

    /// A file with another content of a section, or with that section added where it belongs.
    static byte[] with(byte[] file, String name, byte[] content) {
        List<Part> parts = of(file);
        parts.replaceAll(part -> part.name().equals(name) ? part.withContent(content) : part);
        if (!has(parts, name)) {
            int data = parts.stream().map(Part::id).toList().lastIndexOf(11);
            parts.add(data, new Part(0, name, content));
        }
        return summed(parts);
    }

    /// What the original would have written: our sections left out.
    static byte[] asTheOriginals(byte[] file) {
        Predicate<String> ours = List.of("gate.saved", "gate.image", "gate.host", "gate.memory")::contains;
        return join(of(file).stream().filter(part -> !ours.test(part.name())).toList());
    }
}
