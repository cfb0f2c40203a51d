// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.DebugLog;
import java.util.OptionalLong;

/// How an instance is made: reference 3.3.
///
/// @param name for threads and messages
/// @param function the exported function to begin with; empty where none is asked for
/// @param suspended it doesn't begin
/// @param ephemeral the reference calls it transient: it has ended when it stops, however that is
/// @param fuel how many instructions it may execute before it is suspended, of those that decision 0007 counts; empty
///     for no limit, or the one that it was saved with
/// @param log where its debug output goes
public record Launch(
        String name,
        String function,
        boolean suspended,
        boolean ephemeral,
        InstancePolicy policy,
        OptionalLong fuel,
        DebugLog log) {
    /// Begins where the module says, and can be called again.
    public static Launch of(String name) {
        return new Launch(name, "", false, false, InstancePolicy.DEFAULT, OptionalLong.empty(), DebugLog.DISCARDED);
    }

    public Launch withFunction(String other) {
        return new Launch(name, other, suspended, ephemeral, policy, fuel, log);
    }

    public Launch withPolicy(InstancePolicy other) {
        return new Launch(name, function, suspended, ephemeral, other, fuel, log);
    }

    public Launch withFuel(long instructions) {
        return new Launch(name, function, suspended, ephemeral, policy, OptionalLong.of(instructions), log);
    }

    public Launch withLog(DebugLog other) {
        return new Launch(name, function, suspended, ephemeral, policy, fuel, other);
    }

    public Launch asSuspended() {
        return new Launch(name, function, true, ephemeral, policy, fuel, log);
    }

    public Launch asEphemeral() {
        return new Launch(name, function, suspended, true, policy, fuel, log);
    }
}
