// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a script does with an instance. Without a name it is the current instance.
public sealed interface Action {
    @Nullable
    String instance();

    String export();

    record Invoke(@Nullable String instance, String export, List<Value> arguments) implements Action {
        public Invoke {
            arguments = List.copyOf(arguments);
        }
    }

    record Get(@Nullable String instance, String export) implements Action {}
}
