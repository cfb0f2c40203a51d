// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Names for people: core specification appendix "Name Section". It is read leniently: what is broken is as if
/// absent.
public final class NameSection {
    private static final int FUNCTION_NAMES = 1;

    private final Module module;
    private final int[] functions;
    private final int[] offsets;

    /// The first name that each function is exported under: looked up for each frame of a deep call stack.
    private final Map<Integer, String> exported = new HashMap<>();

    private NameSection(Module module, int[] functions, int[] offsets) {
        this.module = module;
        for (Export export : module.exports().values()) {
            if (export.kind() == ExternalKind.FUNCTION) {
                exported.putIfAbsent(export.index(), export.name());
            }
        }
        this.functions = functions;
        this.offsets = offsets;
    }

    /// The names that a module has for its functions, from the name section and from exports.
    public static NameSection of(Module module) {
        int[][] found = {new int[0], new int[0]};
        Optional<Section> section = module.customSection("name");
        if (section.isPresent()) {
            Section names = section.get();
            ByteReader in = new ByteReader(module.bytes, names.contentStart(), names.end(), offset -> "");
            try {
                found = functionNames(in);
            } catch (MalformedModuleException e) {
                found = new int[][] {new int[0], new int[0]};
            }
        }
        return new NameSection(module, found[0], found[1]);
    }

    private static int[][] functionNames(ByteReader in) {
        while (!in.atEnd()) {
            int id = in.u8();
            int size = in.size();
            int end = in.position + size;
            if (id != FUNCTION_NAMES) {
                in.position = end;
                continue;
            }
            in.end = end;
            int count = Math.min(Math.max(0, in.u32()), size);
            int[] functions = new int[count];
            int[] offsets = new int[count];
            for (int i = 0; i < count; i++) {
                functions[i] = in.u32();
                offsets[i] = in.name();
                if (i > 0 && functions[i] <= functions[i - 1]) {
                    return new int[][] {Arrays.copyOf(functions, i), Arrays.copyOf(offsets, i)};
                }
            }
            return new int[][] {functions, offsets};
        }
        return new int[][] {new int[0], new int[0]};
    }

    /// The function's name, else one under which it is exported.
    public Optional<String> functionName(int function) {
        int found = Arrays.binarySearch(functions, function);
        if (found >= 0) {
            return Optional.of(printable(ByteReader.nameAt(module.bytes, offsets[found])));
        }
        return Optional.ofNullable(exported.get(function)).map(NameSection::printable);
    }

    /// Guest text for a person's terminal: control characters escaped, at most 200 characters.
    private static String printable(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length() && text.length() < 200; i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
