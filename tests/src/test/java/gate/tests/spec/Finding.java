// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.wasm.InvalidModuleException;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleLimitException;

/// What a module or a run was found to be, and in which words.
record Finding(Verdict verdict, String message) {
    enum Verdict {
        /// Nothing is wrong; there are no words.
        VALID,
        MALFORMED,
        INVALID,
        /// Refused because of the implementation's limits: core specification, appendix "Implementation Limitations".
        BEYOND_A_LIMIT,
        UNLINKABLE,
        TRAPPED
    }

    /// Reads a module and validates it.
    ///
    /// @throws gate.engine.wasm.UnsupportedFeatureException as [Module#parse]
    static Finding of(ModuleSource module) {
        try {
            Module.parse(module.toBinary());
            return new Finding(Verdict.VALID, "");
        } catch (MalformedModuleException e) {
            return new Finding(Verdict.MALFORMED, e.reason());
        } catch (InvalidModuleException e) {
            return new Finding(Verdict.INVALID, e.reason());
        } catch (ModuleLimitException e) {
            return new Finding(Verdict.BEYOND_A_LIMIT, e.reason());
        }
    }

    /// Whether this is what was expected: as in the specification's reference interpreter, the words must begin with
    /// the suite's.
    boolean isAs(Finding expected) {
        return verdict == expected.verdict && message.startsWith(expected.message);
    }

    @Override
    public String toString() {
        return verdict + " \"" + message + "\"";
    }
}
