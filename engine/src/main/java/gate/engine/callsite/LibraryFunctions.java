// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ValueType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The functions that a program of the original can import, by the names of reference 1.2, each
/// with the number of its call sites in the original's library: reference 7.7.
final class LibraryFunctions {
    /// An importable function.
    ///
    /// @param sites its prologue and what follows in the library's code of it
    record LibraryFunction(FunctionType type, int sites) {}

    /// What isn't a problem with the name's size suffix.
    private static final long SUFFIX_LEAST = 65_536;

    private static final LibraryFunction IO = function("iiiiiiIi>", 12);
    private static final LibraryFunction FD = function(">i", 1);

    /// Name, parameters and result (`i` for i32, `I` for i64), sites.
    private static final String WASI = """
            args_get ii>i 1
            args_sizes_get ii>i 3
            clock_res_get ii>i 2
            clock_time_get iIi>i 3
            environ_get ii>i 13
            environ_sizes_get ii>i 3
            fd_advise iIIi>i 2
            fd_allocate iII>i 2
            fd_close i>i 2
            fd_datasync i>i 2
            fd_fdstat_get ii>i 5
            fd_fdstat_set_flags ii>i 2
            fd_fdstat_set_rights iII>i 3
            fd_filestat_get ii>i 2
            fd_filestat_set_size iI>i 2
            fd_filestat_set_times iIIi>i 2
            fd_pread iiiIi>i 2
            fd_prestat_dir_name iii>i 2
            fd_prestat_get ii>i 2
            fd_pwrite iiiIi>i 2
            fd_read iiii>i 4
            fd_readdir iiiIi>i 2
            fd_renumber ii>i 2
            fd_seek iIii>i 2
            fd_sync i>i 2
            fd_tell ii>i 2
            fd_write iiii>i 6
            path_create_directory iii>i 2
            path_filestat_get iiiii>i 2
            path_filestat_set_times iiiiIIi>i 2
            path_link iiiiiii>i 2
            path_open iiiiiIIii>i 2
            path_readlink iiiiii>i 2
            path_remove_directory iii>i 2
            path_rename iiiiii>i 2
            path_symlink iiiii>i 2
            path_unlink_file iii>i 2
            poll_oneoff iiii>i 34
            proc_exit i> 2
            proc_raise i>i 2
            random_get ii>i 3
            sched_yield >i 1
            sock_recv iiiiii>i 1
            sock_send iiiii>i 2
            sock_shutdown ii>i 2
            """;

    private static final Map<String, LibraryFunction> BY_WASI_NAME = byName();

    private LibraryFunctions() {}

    private static Map<String, LibraryFunction> byName() {
        Map<String, LibraryFunction> functions = new HashMap<>();
        WASI.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            functions.put(words[0], function(words[1], Integer.parseInt(words[2])));
        });
        return Map.copyOf(functions);
    }

    private static LibraryFunction function(String signature, int sites) {
        int arrow = signature.indexOf('>');
        return new LibraryFunction(
                FunctionType.of(types(signature.substring(0, arrow)), types(signature.substring(arrow + 1))), sites);
    }

    private static int[] types(String letters) {
        return letters.chars()
                .map(letter -> letter == 'I' ? ValueType.I64 : ValueType.I32)
                .toArray();
    }

    static Optional<LibraryFunction> find(String module, String field) {
        return switch (module) {
            case "gate" -> gate(field);
            case "wasi_snapshot_preview1", "wasi_unstable" -> Optional.ofNullable(BY_WASI_NAME.get(field));
            case "env" -> env(field);
            default -> Optional.empty();
        };
    }

    private static Optional<LibraryFunction> env(String field) {
        if (field.startsWith("__gate_")) {
            return gate(field.substring("__gate_".length()));
        }
        return field.startsWith("__wasi_")
                ? Optional.ofNullable(BY_WASI_NAME.get(field.substring("__wasi_".length())))
                : Optional.empty();
    }

    private static Optional<LibraryFunction> gate(String field) {
        if (field.startsWith("io_") && isSize(field.substring(3))) {
            return Optional.of(IO);
        }
        return field.startsWith("fd_") && isSize(field.substring(3)) ? Optional.of(FD) : Optional.empty();
    }

    /// Digits that say at least 65,536; what doesn't fit in 32 bits does too.
    private static boolean isSize(String digits) {
        if (digits.isEmpty() || digits.charAt(0) == '0') {
            return false;
        }
        boolean decimal = digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return decimal && (digits.length() > 10 || Long.parseLong(digits) >= SUFFIX_LEAST);
    }
}
