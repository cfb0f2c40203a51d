// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.options.RunOptions;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is called in a program.
///
/// @param setUp functions without parameters that are called first
record Entry(
        List<Integer> setUp,
        int function,
        long[] arguments,
        @Nullable FunctionType results) {
    private static final String COMMAND = "_start";
    private static final String REACTOR = "_initialize";

    static Entry of(RunOptions options, Module module) {
        String name = options.entry();
        return name == null ? command(options, module) : named(options, module, name);
    }

    private static Entry command(RunOptions options, Module module) {
        Integer start = Exports.function(module, COMMAND);
        if (start != null && module.functionType(start).parameterCount() == 0) {
            return new Entry(List.of(), start, new long[0], null);
        }
        if (start == null && module.startFunction() >= 0) {
            return new Entry(List.of(), -1, new long[0], null);
        }
        String hint = Exports.function(module, REACTOR) == null
                ? " and so is no program that runs by itself"
                : " but " + REACTOR + ": it is a library";
        throw new CommandFailure(
                ExitCode.BAD_INPUT,
                options.file() + " exports no function " + COMMAND + hint + ". `--invoke FUNCTION` calls one of "
                        + Exports.functions(module));
    }

    private static Entry named(RunOptions options, Module module, String name) {
        Integer function = Exports.function(module, name);
        if (function == null) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    options.file() + " exports no function " + Text.quoted(name) + "; it exports "
                            + Exports.functions(module));
        }
        FunctionType type = module.functionType(function);
        if (type.parameterCount() != options.arguments().size()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    name + " has the type " + type + ", and so takes " + type.parameterCount()
                            + " arguments, but is given "
                            + options.arguments().size());
        }
        Integer setUp = Exports.function(module, REACTOR);
        boolean twice = setUp == null || setUp.equals(function);
        return new Entry(twice ? List.of() : List.of(setUp), function, arguments(options, name, type), type);
    }

    private static long[] arguments(RunOptions options, String name, FunctionType type) {
        long[] arguments = new long[type.parameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            try {
                arguments[i] = ValueSyntax.parse(options.arguments().get(i), type.parameter(i));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.USAGE, name + ", argument " + (i + 1) + ": " + e.getMessage());
            }
        }
        return arguments;
    }

    /// What is called in a saved program: nothing where it has something to go on with. One that hasn't has
    /// been initialised before it was saved.
    static Optional<Entry> ofSaved(RunOptions options, Snapshot snapshot) {
        ExecutionImage image = snapshot.outline();
        String name = options.entry();
        boolean idle =
                image.initialised() < 0 && image.entry() < 0 && image.pending().isEmpty();
        if (!idle && name != null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    options.file() + " was saved in the middle of a call, which goes on when it is resumed:"
                            + " --invoke can call only a function of a program that has nothing left to do");
        }
        if (name == null && !options.arguments().isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    options.file() + " has its arguments already, and takes no "
                            + Text.quoted(options.arguments().getFirst()));
        }
        if (idle && name == null) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    options.file() + " was saved with nothing left to do. `--invoke FUNCTION` calls one of "
                            + Exports.functions(snapshot.module()));
        }
        if (name == null) {
            return Optional.empty();
        }
        Entry entry = named(options, snapshot.module(), name);
        return Optional.of(new Entry(List.of(), entry.function(), entry.arguments(), entry.results()));
    }

    void addTo(Execution execution) {
        setUp.forEach(execution::call);
        if (function >= 0) {
            execution.call(function, arguments);
        }
    }
}
