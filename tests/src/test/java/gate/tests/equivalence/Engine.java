// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Instance;

/// A way to run programs. Each must behave as every other.
enum Engine {
    INTERPRETER {
        @Override
        Execution instantiate(Instance instance, boolean fuel) {
            return Execution.instantiate(instance, fuel);
        }

        @Override
        Execution of(Instance instance, boolean fuel) {
            return Execution.of(instance, fuel);
        }
    };

    abstract Execution instantiate(Instance instance, boolean fuel);

    abstract Execution of(Instance instance, boolean fuel);
}
