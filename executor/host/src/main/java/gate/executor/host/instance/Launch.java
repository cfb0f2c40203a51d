// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.DebugLog;
import java.util.OptionalLong;

/// How an instance is made: reference 3.3.
///
/// @param name for threads and messages
/// @param function the exported function to begin with; empty where none is asked for
/// @param beginning when it begins
/// @param ephemeral the reference calls it transient: it has ended when it stops, however that is
/// @param fuel how many instructions it may execute before it is suspended, of those that decision 0007 counts; empty
///     for no limit, or the one that it was saved with
/// @param log where its debug output goes
public record Launch(
        String name,
        String function,
        Beginning beginning,
        boolean ephemeral,
        InstancePolicy policy,
        OptionalLong fuel,
        DebugLog log) {
    /// When a launched program begins to run.
    public enum Beginning {
        AT_ONCE,
        /// When it is resumed: with the module's own entry function, and no other.
        SUSPENDED,
        /// When its debugger has it go on.
        DEBUGGED
    }

    /// Begins where the module says, and can be called again.
    public static Launch of(String name) {
        return new Launch(
                name, "", Beginning.AT_ONCE, false, InstancePolicy.DEFAULT, OptionalLong.empty(), DebugLog.DISCARDED);
    }

    public Launch withFunction(String other) {
        return new Launch(name, other, beginning, ephemeral, policy, fuel, log);
    }

    public Launch withPolicy(InstancePolicy other) {
        return new Launch(name, function, beginning, ephemeral, other, fuel, log);
    }

    public Launch withFuel(long instructions) {
        return new Launch(name, function, beginning, ephemeral, policy, OptionalLong.of(instructions), log);
    }

    public Launch withLog(DebugLog other) {
        return new Launch(name, function, beginning, ephemeral, policy, fuel, other);
    }

    public Launch asSuspended() {
        return new Launch(name, function, Beginning.SUSPENDED, ephemeral, policy, fuel, log);
    }

    public Launch asEphemeral() {
        return new Launch(name, function, beginning, true, policy, fuel, log);
    }
}
