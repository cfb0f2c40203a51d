// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions of `wasi_snapshot_preview1` and their parameters as core types: `i` for `i32` and `l` for `i64`, in
/// the order of the specification (`legacy/preview1/witx/wasi_snapshot_preview1.witx`). All give an error number, but
/// `proc_exit`, which gives nothing.
enum Preview1 {
    ARGS_GET("ii"),
    ARGS_SIZES_GET("ii"),
    ENVIRON_GET("ii"),
    ENVIRON_SIZES_GET("ii"),
    CLOCK_RES_GET("ii"),
    CLOCK_TIME_GET("ili"),
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
    FD_PRESTAT_GET("ii"),
    FD_PRESTAT_DIR_NAME("iii"),
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
    PROC_EXIT("i"),
    PROC_RAISE("i"),
    SCHED_YIELD(""),
    RANDOM_GET("ii"),
    SOCK_ACCEPT("iii"),
    SOCK_RECV("iiiiii"),
    SOCK_SEND("iiiii"),
    SOCK_SHUTDOWN("ii");

    private static final Map<String, Preview1> BY_NAME = byName();

    private final String fieldName = name().toLowerCase(Locale.ROOT);
    private final String types;

    Preview1(String types) {
        this.types = types;
    }

    static @Nullable Preview1 of(String name) {
        return BY_NAME.get(name);
    }

    String fieldName() {
        return fieldName;
    }

    List<Integer> parameters() {
        List<Integer> parameters = new ArrayList<>();
        for (int i = 0; i < types.length(); i++) {
            parameters.add(types.charAt(i) == 'l' ? ValueType.I64 : ValueType.I32);
        }
        return List.copyOf(parameters);
    }

    List<Integer> results() {
        return this == PROC_EXIT ? List.of() : List.of(ValueType.I32);
    }

    private static Map<String, Preview1> byName() {
        Map<String, Preview1> names = new HashMap<>();
        for (Preview1 function : values()) {
            names.put(function.fieldName, function);
        }
        return names;
    }
}
