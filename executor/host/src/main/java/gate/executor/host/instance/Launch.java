// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.DebugLog;

/// How an instance is made: reference 3.3.
///
/// @param name for threads and messages
/// @param function the exported function to begin with; empty where none is asked for
/// @param suspended it doesn't begin
/// @param ephemeral the reference calls it transient: it has ended when it stops, however that is
/// @param log where its debug output goes
public record Launch(
        String name, String function, boolean suspended, boolean ephemeral, InstancePolicy policy, DebugLog log) {
    /// Begins where the module says, and can be called again.
    public static Launch of(String name) {
        return new Launch(name, "", false, false, InstancePolicy.DEFAULT, DebugLog.DISCARDED);
    }

    public Launch withFunction(String other) {
        return new Launch(name, other, suspended, ephemeral, policy, log);
    }

    public Launch withPolicy(InstancePolicy other) {
        return new Launch(name, function, suspended, ephemeral, other, log);
    }

    public Launch withLog(DebugLog other) {
        return new Launch(name, function, suspended, ephemeral, policy, other);
    }

    public Launch asSuspended() {
        return new Launch(name, function, true, ephemeral, policy, log);
    }

    public Launch asEphemeral() {
        return new Launch(name, function, suspended, true, policy, log);
    }
}
