// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.wasm.Module;
import gate.engine.wasm.UnsupportedFeatureException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the names of a script stand for. A name whose module needs a feature that isn't built stands for that feature:
/// asking for it throws the same exception again, so that what depends on it is left out too.
final class ScriptInstances {
    private sealed interface Meaning<T> {
        record Usable<T>(T value) implements Meaning<T> {}

        record LeftOut<T>(UnsupportedFeatureException why) implements Meaning<T> {}

        record Failed<T>() implements Meaning<T> {}
    }

    /// Names, and the one that a command without a name means.
    private static final class Scope<T> {
        private final Map<String, Meaning<T>> named = new HashMap<>();
        private Meaning<T> latest = new Meaning.Failed<>();

        void define(@Nullable String name, Meaning<T> meaning) {
            latest = meaning;
            if (name != null) {
                named.put(name, meaning);
            }
        }

        Meaning<T> meaning(@Nullable String name) {
            Meaning<T> meaning = name == null ? latest : named.get(name);
            return meaning == null ? new Meaning.Failed<>() : meaning;
        }
    }

    private static <T> T value(Meaning<T> meaning, String what) {
        return switch (meaning) {
            case Meaning.Usable<T>(T value) -> value;
            case Meaning.LeftOut<T>(UnsupportedFeatureException why) -> throw why;
            case Meaning.Failed<T>() -> throw new AssertionError("there is no " + what);
        };
    }

    private final Scope<Module> modules = new Scope<>();
    private final Scope<ScriptInstance> instances = new Scope<>();
    private final Map<String, Meaning<ScriptInstance>> registered = new HashMap<>();

    void define(@Nullable String name, Module module) {
        modules.define(name, new Meaning.Usable<>(module));
    }

    void leaveOutModule(@Nullable String name, UnsupportedFeatureException why) {
        modules.define(name, new Meaning.LeftOut<>(why));
    }

    Module module(@Nullable String name) {
        return value(modules.meaning(name), "module " + name);
    }

    /// Until it is made, the name means nothing: [#add] or [#leaveOut] follows unless making it fails.
    void begin(@Nullable String name) {
        instances.define(name, new Meaning.Failed<>());
    }

    void add(@Nullable String name, ScriptInstance instance) {
        instances.define(name, new Meaning.Usable<>(instance));
    }

    void leaveOut(@Nullable String name, UnsupportedFeatureException why) {
        instances.define(name, new Meaning.LeftOut<>(why));
    }

    ScriptInstance instance(@Nullable String name) {
        return value(instances.meaning(name), "instance " + name);
    }

    void register(String as, @Nullable String name) {
        Meaning<ScriptInstance> meaning = instances.meaning(name);
        registered.put(as, meaning);
        value(meaning, "instance " + name);
    }

    /// The instance registered under a name, or null where nothing is.
    @Nullable
    ScriptInstance registered(String as) {
        Meaning<ScriptInstance> meaning = registered.get(as);
        return meaning == null ? null : value(meaning, "instance registered as " + as);
    }
}
