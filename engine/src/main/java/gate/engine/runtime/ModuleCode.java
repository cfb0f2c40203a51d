// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The translated functions of a module, shared by all its instances. Thread-safe: a function that two threads
/// translate at once is published twice, either result being as good.
final class ModuleCode {
    final Module module;
    private @Nullable FunctionCode @Nullable [] plain;
    private @Nullable FunctionCode @Nullable [] counting;

    ModuleCode(Module module) {
        this.module = module;
    }

    /// The code of all functions, by function index; null where not translated yet.
    synchronized @Nullable FunctionCode[] functions(boolean fuel) {
        @Nullable FunctionCode[] codes = fuel ? counting : plain;
        if (codes == null) {
            codes = new FunctionCode[module.functionCount()];
            if (fuel) {
                counting = codes;
            } else {
                plain = codes;
            }
        }
        return codes;
    }

    /// Code that isn't shared, in which execution can begin at an instruction.
    Translator withBoundary(int function, boolean fuel, int boundary) {
        return new Translator(module, function, fuel, boundary, null);
    }

    static final BooleanSupplier WITHOUT_PAUSE = () -> false;
}
