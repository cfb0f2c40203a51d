// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The exported function that a program is started with: without parameters, and with one `i32` as result
/// or none.
///
/// Gate's reference 1.1, "Entry, start and `_start`".
///
/// @param index in the module
public record EntryFunction(String name, int index) {
    private static final String START = "_start";

    /// What a module is, as far as it matters for where it is entered.
    public enum Origin {
        /// A program as it was written.
        PROGRAM,
        /// A saved program that has no call stack, and whose exports are its own.
        SNAPSHOT,
        /// A saved program that has a call stack, or whose exports are hidden.
        SUSPENDED
    }

    /// The function to start a module with; empty where there is none to call, and the module's start
    /// function, if any, is all that runs.
    ///
    /// @param requested an exported function's name; empty where none was asked for
    /// @throws EntryException where that can't be had
    public static Optional<EntryFunction> choose(Module module, String requested, Origin origin) throws EntryException {
        switch (origin) {
            case SUSPENDED -> {
                if (!requested.isEmpty()) {
                    throw new EntryException("entry function may not be specified for suspended program");
                }
                return Optional.empty();
            }
            case PROGRAM -> {
                if (exported(module, START) != null) {
                    if (!requested.isEmpty()) {
                        throw new EntryException(
                                "entry function may not be specified for program with _start function");
                    }
                    return Optional.ofNullable(callable(module, START));
                }
            }
            case SNAPSHOT -> {}
        }
        return requested.isEmpty() || requested.equals(START)
                ? Optional.empty()
                : Optional.of(named(module, requested));
    }

    /// The function to call in a program that has halted.
    ///
    /// @throws EntryException where there is no such function
    public static EntryFunction named(Module module, String name) throws EntryException {
        EntryFunction function = callable(module, name);
        if (function == null) {
            throw new EntryException("function not exported or it cannot be used as entry function");
        }
        return function;
    }

    /// The result of a program, 0 or 1, by its entry function's results.
    public static int result(long... results) {
        return results.length > 0 && (int) results[0] != 0 ? 1 : 0;
    }

    /// The result of a program, 0 or 1, that ended itself.
    ///
    /// @param status what it gave to `proc_exit`
    public static int resultOfExit(int status) {
        return status == 0 ? 0 : 1;
    }

    private static @Nullable Export exported(Module module, String name) {
        Export export = module.exports().get(name);
        return export != null && export.kind() == ExternalKind.FUNCTION ? export : null;
    }

    private static @Nullable EntryFunction callable(Module module, String name) {
        Export export = exported(module, name);
        if (export == null) {
            return null;
        }
        FunctionType type = module.functionType(export.index());
        boolean callable = type.parameterCount() == 0
                && (type.resultCount() == 0 || type.resultCount() == 1 && type.result(0) == ValueType.I32);
        return callable ? new EntryFunction(name, export.index()) : null;
    }
}
