// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.wasm.ModuleException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The modules of the official suite, for tests that want many small ones.
public final class SuiteModules {
    private SuiteModules() {}

    /// Every module of the suite that has a binary form, malformed and invalid ones included; without the suite the
    /// running test is skipped.
    ///
    /// @param bytesMax larger ones are left out
    public static List<byte[]> binaries(String what, int bytesMax) {
        List<byte[]> modules = new ArrayList<>();
        for (TestSuite.ScriptFile script : TestSuite.findOrSkip(what).scripts()) {
            for (Command command : script.read()) {
                ModuleSource source = source(command);
                if (source == null) {
                    continue;
                }
                binary(source).filter(binary -> binary.length <= bytesMax).ifPresent(modules::add);
            }
        }
        return modules;
    }

    private static @Nullable ModuleSource source(Command command) {
        return switch (command) {
            case Command.DefineAndInstantiate define -> define.module();
            case Command.Define define -> define.module();
            case Command.AssertMalformed malformed -> malformed.module();
            case Command.AssertInvalid invalid -> invalid.module();
            case Command.AssertUnlinkable unlinkable -> unlinkable.module();
            case Command.AssertInstantiationTraps traps -> traps.module();
            default -> null;
        };
    }

    /// The module's binary; empty for text that is malformed on purpose, or of a feature that isn't built yet.
    private static Optional<byte[]> binary(ModuleSource source) {
        try {
            return Optional.of(source.toBinary());
        } catch (ModuleException e) {
            return Optional.empty();
        }
    }
}
