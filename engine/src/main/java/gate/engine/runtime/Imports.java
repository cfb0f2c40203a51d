// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Import;
import java.util.Optional;

/// Where an instance's imports come from.
@FunctionalInterface
public interface Imports {
    /// What to use for an import; empty where there is nothing of that name.
    Optional<ImportValue> find(Import wanted);

    /// For modules without imports.
    static Imports none() {
        return wanted -> Optional.empty();
    }
}
