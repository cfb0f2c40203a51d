// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One command of a script. The grammar is the one that the specification's reference interpreter documents for its
/// scripts.
public sealed interface Command {
    /// The line it starts on, from 1.
    int line();

    /// `(module …)`: makes an instance of it, the current one from then on.
    record DefineAndInstantiate(int line, @Nullable String name, ModuleSource module) implements Command {}

    /// `(module definition …)`: a module without an instance.
    record Define(int line, @Nullable String name, ModuleSource module) implements Command {}

    /// `(module instance $instance? $definition?)`: a further instance of a module.
    record Instantiate(
            int line, @Nullable String name, @Nullable String definition) implements Command {}

    /// `(register "name" $instance?)`: other modules can import from the instance by this name.
    record Register(int line, String as, @Nullable String instance) implements Command {}

    /// An action whose results don't matter.
    record Act(int line, Action action) implements Command {}

    record AssertReturn(int line, Action action, List<Expectation> results) implements Command {
        public AssertReturn {
            results = List.copyOf(results);
        }
    }

    record AssertTrap(int line, Action action, String message) implements Command {}

    /// Instantiating the module traps.
    record AssertInstantiationTraps(int line, ModuleSource module, String message) implements Command {}

    record AssertExhaustion(int line, Action action, String message) implements Command {}

    record AssertException(int line, Action action) implements Command {}

    /// @param custom whether the fault is in a custom section or annotation, which an implementation may ignore
    record AssertMalformed(int line, ModuleSource module, String message, boolean custom) implements Command {}

    /// @param custom whether the fault is in a custom section or annotation, which an implementation may ignore
    record AssertInvalid(int line, ModuleSource module, String message, boolean custom) implements Command {}

    record AssertUnlinkable(int line, ModuleSource module, String message) implements Command {}

    /// `(thread $name (shared (module $instance))* command*)`: runs the commands beside those that follow.
    record StartThread(int line, String name, List<String> sharedInstances, List<Command> commands) implements Command {
        public StartThread {
            sharedInstances = List.copyOf(sharedInstances);
            commands = List.copyOf(commands);
        }
    }

    /// `(wait $name)`: until the thread's commands are done.
    record AwaitThread(int line, String thread) implements Command {}
}
