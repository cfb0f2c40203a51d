// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Import;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import org.jspecify.annotations.Nullable;

/// Which imports a program can have: functions of `gate`, `wasi_snapshot_preview1`, `wasi_unstable` (the
/// same functions, with preview 1's layouts) and `env` (all of them, with `__gate_` or `__wasi_` before
/// their names).
///
/// Gate's reference 1.2, "Import modules and name resolution".
public final class AbiImports {
    private static final long SIZE_SUFFIX_LEAST = 65_536;

    private static final String GATE_PREFIX = "__gate_";
    private static final String WASI_PREFIX = "__wasi_";

    /// Characters of a guest's name that a message shows.
    private static final int NAME_SHOWN_MAX = 100;

    /// Parameters, or results, of a guest's function type that a message shows.
    private static final int TYPES_SHOWN_MAX = 16;

    private AbiImports() {}

    /// Whether a module is a program of this profile: it imports what no other has.
    public static boolean isProgram(Module module) {
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            String name = wanted.name();
            boolean environment = wanted.module().equals("env");
            if (wanted.module().equals("gate")
                    || environment && (name.startsWith(GATE_PREFIX) || name.startsWith(WASI_PREFIX))) {
                return true;
            }
        }
        return false;
    }

    /// Checks all imports of a module, in order.
    ///
    /// @throws BadProgramException for the first that can't be had
    public static void check(Module module) throws BadProgramException {
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            AbiFunction function = find(wanted);
            FunctionType asked = module.functionType(wanted.index());
            if (!function.type().equals(asked)) {
                throw new BadProgramException("function " + shown(wanted.module()) + "." + shown(wanted.name()) + " "
                        + signature(function.type()) + " imported with wrong signature " + signature(asked));
            }
        }
    }

    /// What an import means, whatever its type.
    ///
    /// @throws BadProgramException where there is no such function
    public static AbiFunction find(Import wanted) throws BadProgramException {
        switch (wanted.kind()) {
            case FUNCTION -> {}
            case GLOBAL -> throw notSupported("global", wanted);
            case MEMORY -> throw notSupported("memory", wanted);
            case TABLE -> throw notSupported("table", wanted);
        }
        String name = wanted.name();
        AbiFunction found = switch (wanted.module()) {
            case "gate" -> gate(name);
            case "wasi_snapshot_preview1", "wasi_unstable" -> AbiFunction.wasi(name);
            case "env" -> environment(name);
            default -> null;
        };
        if (found == null) {
            throw notSupported("function", wanted);
        }
        return found;
    }

    private static @Nullable AbiFunction environment(String name) throws BadProgramException {
        if (name.startsWith(GATE_PREFIX)) {
            return gate(name.substring(GATE_PREFIX.length()));
        }
        return name.startsWith(WASI_PREFIX) ? AbiFunction.wasi(name.substring(WASI_PREFIX.length())) : null;
    }

    /// A name with a size at its end, which tells how large the packets are that the program can receive.
    /// It has no effect: none is larger than the least size that can be named.
    private static @Nullable AbiFunction gate(String name) throws BadProgramException {
        int underscore = name.lastIndexOf('_');
        AbiFunction function = underscore < 0 ? null : AbiFunction.gate(name.substring(0, underscore));
        if (function == null) {
            return null;
        }
        String digits = name.substring(underscore + 1);
        boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || digits.startsWith("0")) {
            throw new BadProgramException("invalid size suffix in symbol: " + shown(name));
        }
        if (digits.length() <= 5 && Long.parseLong(digits) < SIZE_SUFFIX_LEAST) {
            throw new BadProgramException("value of symbol size suffix is too small: " + shown(name));
        }
        return function;
    }

    private static BadProgramException notSupported(String kind, Import wanted) {
        return new BadProgramException("import " + kind + " not supported: \"" + shown(wanted.module()) + "\" \""
                + shown(wanted.name()) + "\"");
    }

    /// A guest's text on one line, cut.
    private static String shown(String name) {
        StringBuilder text = new StringBuilder();
        int end = Math.min(name.length(), NAME_SHOWN_MAX);
        for (int i = 0; i < end; i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return end < name.length() ? text.append("...").toString() : text.toString();
    }

    private static String signature(FunctionType type) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < type.parameterCount(); i++) {
            if (i == TYPES_SHOWN_MAX) {
                text.append(", ...");
                break;
            }
            text.append(i == 0 ? "" : ", ").append(ValueType.name(type.parameter(i)));
        }
        text.append(')');
        for (int i = 0; i < type.resultCount(); i++) {
            if (i == TYPES_SHOWN_MAX) {
                text.append(" ...");
                break;
            }
            text.append(' ').append(ValueType.name(type.result(i)));
        }
        return text.toString();
    }
}
