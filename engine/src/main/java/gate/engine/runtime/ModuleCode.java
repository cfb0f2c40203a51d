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

    private boolean instantiatedBefore;
    private @Nullable InitialMemory @Nullable [] images;

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

    /// Says that a module is being instantiated, and gives the images of its memories from the second time on.
    ///
    /// @return by memory, null where there is none; empty the first time
    synchronized @Nullable InitialMemory[] imagesForInstance() {
        if (!instantiatedBefore) {
            instantiatedBefore = true;
            return new InitialMemory[0];
        }
        @Nullable InitialMemory[] known = images;
        if (known == null) {
            known = new InitialMemory[module.memoryCount()];
            for (int i = 0; i < known.length; i++) {
                known[i] = InitialMemory.begin(module, i);
            }
            images = known;
        }
        return known;
    }

    /// Completes an image.
    ///
    /// @return false where `pause` came first
    synchronized boolean complete(InitialMemory image, BooleanSupplier pause) {
        return image.advance(pause);
    }
}
