// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Trap;
import gate.engine.runtime.UnlinkableException;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.Feature;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Import;
import gate.engine.wasm.Module;
import gate.engine.wasm.UnsupportedFeatureException;
import gate.tests.spec.Finding.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the commands of one script, each for itself: one that fails or is left out doesn't end the script.
final class ScriptRun {
    private static final Finding VALID = new Finding(Verdict.VALID, "");

    private final String script;
    private final Store store;
    private final Spectest spectest;
    private final List<ScriptInstance> live = new ArrayList<>();
    private final ScriptInstances names = new ScriptInstances();
    private final GuestRun guest;

    private final Map<Feature, Integer> leftOut = new EnumMap<>(Feature.class);
    private final Map<Difference, Integer> differences = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private int assertions;
    private int others;

    private ScriptRun(String script, Store store, Spectest spectest, Pace pace) {
        this.script = script;
        this.store = store;
        this.spectest = spectest;
        this.guest = new GuestRun(pace, store, live);
    }

    static ScriptReport run(String script, List<Command> commands, Pace pace, StoreOptions options) {
        try (Store store = new Store(options);
                Spectest spectest = new Spectest(options)) {
            ScriptRun run = new ScriptRun(script, store, spectest, pace);
            commands.forEach(run::execute);
            run.live.forEach(instance -> instance.current().store().close());
            return new ScriptReport(
                    script,
                    run.assertions,
                    run.others,
                    run.leftOut,
                    run.differences,
                    run.failures,
                    run.guest.suspensions(),
                    run.guest.fuel());
        }
    }

    private void execute(Command command) {
        try {
            if (perform(command)) {
                assertions++;
            } else {
                others++;
            }
        } catch (UnsupportedFeatureException e) {
            leftOut.merge(e.feature(), 1, Integer::sum);
        } catch (RuntimeException | AssertionError e) {
            StackTraceElement[] trace = e.getStackTrace(); // the engine's declared exceptions have none
            failures.add(script + ":" + command.line() + ": " + e + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }

    /// @return whether the command asserts something
    private boolean perform(Command command) {
        switch (command) {
            case Command.DefineAndInstantiate define ->
                instantiate(define.name(), () -> Module.parse(define.module().toBinary()));
            case Command.Define define -> define(define.name(), define.module());
            case Command.Instantiate make -> instantiate(make.name(), () -> names.module(make.definition()));
            case Command.Register register -> names.register(register.as(), register.instance());
            case Command.Act act -> act(act.action());
            case Command.AssertReturn assertion -> assertReturn(assertion);
            case Command.AssertTrap assertion -> assertTrap(() -> act(assertion.action()), assertion.message());
            case Command.AssertInstantiationTraps assertion -> assertInstantiationTraps(assertion);
            case Command.AssertExhaustion assertion -> assertTrap(() -> act(assertion.action()), assertion.message());
            case Command.AssertException assertion -> {
                act(assertion.action());
                throw new AssertionError("no exception");
            }
            case Command.AssertMalformed assertion ->
                require(new Finding(Verdict.MALFORMED, assertion.message()), Finding.of(assertion.module()));
            case Command.AssertInvalid assertion ->
                require(new Finding(Verdict.INVALID, assertion.message()), Finding.of(assertion.module()));
            case Command.AssertUnlinkable assertion -> assertUnlinkable(assertion);
            case Command.StartThread _, Command.AwaitThread _ ->
                throw new UnsupportedFeatureException(Feature.THREADS, "the script", command.line());
        }
        return switch (command) {
            case Command.DefineAndInstantiate _,
                    Command.Define _,
                    Command.Instantiate _,
                    Command.Register _,
                    Command.Act _,
                    Command.StartThread _,
                    Command.AwaitThread _ -> false;
            case Command.AssertReturn _,
                    Command.AssertTrap _,
                    Command.AssertInstantiationTraps _,
                    Command.AssertExhaustion _,
                    Command.AssertException _,
                    Command.AssertMalformed _,
                    Command.AssertInvalid _,
                    Command.AssertUnlinkable _ -> true;
        };
    }

    // ---- modules and instances ----

    private void define(@Nullable String name, ModuleSource source) {
        try {
            names.define(name, Module.parse(source.toBinary()));
        } catch (UnsupportedFeatureException e) {
            names.leaveOutModule(name, e);
            throw e;
        }
    }

    private void instantiate(@Nullable String name, Supplier<Module> module) {
        names.begin(name);
        try {
            names.add(name, make(module.get()));
        } catch (UnsupportedFeatureException e) {
            names.leaveOut(name, e);
            throw e;
        }
    }

    /// @throws UnlinkableException as [Store#allocate]
    /// @throws Trap as [Execution#run]
    private ScriptInstance make(Module module) {
        Map<List<String>, ImportValue> found = new HashMap<>();
        List<ScriptInstance> exporters = new ArrayList<>();
        boolean selfContained = true;
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            Optional<ImportValue> value = find(wanted, exporters);
            value.ifPresent(present -> found.put(List.of(wanted.module(), wanted.name()), present));
            selfContained &= wanted.module().equals(Spectest.NAME)
                    && (wanted.kind() == ExternalKind.FUNCTION || wanted.kind() == ExternalKind.GLOBAL);
        }
        Imports imports = wanted -> Optional.ofNullable(found.get(List.of(wanted.module(), wanted.name())));
        Instance instance = store.allocate(module, imports);
        exporters.forEach(ScriptInstance::markImported);
        ScriptInstance made = new ScriptInstance(instance, imports, selfContained);
        live.add(made);
        guest.run(made, Execution.instantiate(instance, guest.counting()));
        return made;
    }

    private Optional<ImportValue> find(Import wanted, List<ScriptInstance> exporters) {
        if (wanted.module().equals(Spectest.NAME)) {
            return spectest.find(wanted.name());
        }
        ScriptInstance exporter = names.registered(wanted.module());
        if (exporter == null) {
            return Optional.empty();
        }
        guest.bringHome(exporter);
        exporters.add(exporter);
        return exporter.current().exportAsImport(wanted.name());
    }

    // ---- actions ----

    private record Outcome(int[] types, long[] values) {}

    private Outcome act(Action action) {
        ScriptInstance instance = names.instance(action.instance());
        return switch (action) {
            case Action.Invoke invoke -> invoke(instance, invoke);
            case Action.Get get -> get(instance.current(), get.export());
        };
    }

    private Outcome invoke(ScriptInstance home, Action.Invoke invoke) {
        Instance instance = home.current();
        int function = instance.exportedFunction(invoke.export())
                .orElseThrow(() -> new AssertionError("there is no exported function " + invoke.export()));
        Execution execution = Execution.of(instance, guest.counting());
        execution.call(function, Results.raw(invoke.arguments()));
        long[] values = guest.run(home, execution).results();
        FunctionType type = instance.functionType(function);
        int[] types = new int[type.resultCount()];
        for (int i = 0; i < types.length; i++) {
            types[i] = type.result(i);
        }
        return new Outcome(types, values);
    }

    private static Outcome get(Instance instance, String export) {
        int global = Optional.ofNullable(instance.module().exports().get(export))
                .filter(found -> found.kind() == ExternalKind.GLOBAL)
                .orElseThrow(() -> new AssertionError("there is no exported global " + export))
                .index();
        return new Outcome(
                new int[] {instance.module().global(global).valueType()},
                new long[] {instance.global(global).value()});
    }

    // ---- assertions ----

    private void assertReturn(Command.AssertReturn assertion) {
        Outcome outcome = act(assertion.action());
        String mismatch = Results.mismatch(assertion.results(), outcome.types(), outcome.values());
        if (mismatch != null) {
            throw new AssertionError(mismatch);
        }
    }

    private void require(Finding expected, Finding actual) {
        if (actual.isAs(expected)) {
            return;
        }
        Difference difference = Difference.accepted(expected, actual)
                .orElseThrow(() -> new AssertionError("expected " + expected + ", found " + actual));
        differences.merge(difference, 1, Integer::sum);
    }

    private void assertTrap(Runnable guilty, String message) {
        Finding found = VALID;
        try {
            guilty.run();
        } catch (Trap trap) {
            found = new Finding(Verdict.TRAPPED, trap.code().text());
        }
        require(new Finding(Verdict.TRAPPED, message), found);
    }

    private void assertInstantiationTraps(Command.AssertInstantiationTraps assertion) {
        Module module = Module.parse(assertion.module().toBinary());
        assertTrap(() -> make(module), assertion.message());
    }

    private void assertUnlinkable(Command.AssertUnlinkable assertion) {
        Module module = Module.parse(assertion.module().toBinary());
        Finding found = VALID;
        try {
            make(module);
        } catch (UnlinkableException e) {
            found = new Finding(Verdict.UNLINKABLE, String.valueOf(e.getMessage()));
        }
        require(new Finding(Verdict.UNLINKABLE, assertion.message()), found);
    }
}
