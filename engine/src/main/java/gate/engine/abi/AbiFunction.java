// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ValueType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The import functions with their parameters as core types: `i` for `i32` and `l` for `i64`. All give an
/// error number, but for the first two and `proc_exit`.
public enum AbiFunction {
    /// `gate.fd_N`.
    FD("", "i"),
    /// `gate.io_N`.
    IO("iiiiiili", ""),
    ARGS_GET("ii"),
    ARGS_SIZES_GET("ii"),
    CLOCK_RES_GET("ii"),
    CLOCK_TIME_GET("ili"),
    ENVIRON_GET("ii"),
    ENVIRON_SIZES_GET("ii"),
    FD_ADVISE("illi"),
    FD_ALLOCATE("ill"),
    FD_CLOSE("i"),
    FD_DATASYNC("i"),
    FD_FDSTAT_GET("ii"),
    FD_FDSTAT_SET_FLAGS("ii"),
    FD_FDSTAT_SET_RIGHTS("ill"),
    FD_FILESTAT_GET("ii"),
    FD_FILESTAT_SET_SIZE("il"),
    FD_FILESTAT_SET_TIMES("illi"),
    FD_PREAD("iiili"),
    FD_PRESTAT_DIR_NAME("iii"),
    FD_PRESTAT_GET("ii"),
    FD_PWRITE("iiili"),
    FD_READ("iiii"),
    FD_READDIR("iiili"),
    FD_RENUMBER("ii"),
    FD_SEEK("ilii"),
    FD_SYNC("i"),
    FD_TELL("ii"),
    FD_WRITE("iiii"),
    PATH_CREATE_DIRECTORY("iii"),
    PATH_FILESTAT_GET("iiiii"),
    PATH_FILESTAT_SET_TIMES("iiiilli"),
    PATH_LINK("iiiiiii"),
    PATH_OPEN("iiiiillii"),
    PATH_READLINK("iiiiii"),
    PATH_REMOVE_DIRECTORY("iii"),
    PATH_RENAME("iiiiii"),
    PATH_SYMLINK("iiiii"),
    PATH_UNLINK_FILE("iii"),
    POLL_ONEOFF("iiii"),
    PROC_EXIT("i", ""),
    PROC_RAISE("i"),
    RANDOM_GET("ii"),
    SCHED_YIELD(""),
    SOCK_RECV("iiiiii"),
    SOCK_SEND("iiiii"),
    SOCK_SHUTDOWN("ii");

    private static final Map<String, AbiFunction> WASI = wasiByName();

    private final String fieldName = name().toLowerCase(Locale.ROOT);
    private final String parameters;
    private final String results;

    AbiFunction(String parameters) {
        this(parameters, "i");
    }

    AbiFunction(String parameters, String results) {
        this.parameters = parameters;
        this.results = results;
    }

    /// The function that WASI calls so.
    static @Nullable AbiFunction wasi(String name) {
        return WASI.get(name);
    }

    /// The function of module `gate` that is called so, without its suffix.
    static @Nullable AbiFunction gate(String name) {
        return switch (name) {
            case "fd" -> FD;
            case "io" -> IO;
            default -> null;
        };
    }

    /// WASI's name of it, or the one before the suffix in module `gate`.
    public String fieldName() {
        return fieldName;
    }

    public FunctionType type() {
        return FunctionType.of(types(parameters), types(results));
    }

    boolean givesErrno() {
        return this != FD && this != IO && this != PROC_EXIT;
    }

    private static int[] types(String letters) {
        return letters.chars()
                .map(letter -> letter == 'l' ? ValueType.I64 : ValueType.I32)
                .toArray();
    }

    private static Map<String, AbiFunction> wasiByName() {
        Map<String, AbiFunction> names = new HashMap<>();
        for (AbiFunction function : values()) {
            if (function != FD && function != IO) {
                names.put(function.fieldName, function);
            }
        }
        return names;
    }
}
