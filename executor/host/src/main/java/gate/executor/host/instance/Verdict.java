// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.contract.packet.PacketViolation;
import gate.engine.abi.Cause;
import gate.engine.abi.Deficiency;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a run's end is called: from the trap that ended it, and from what others have found at fault meanwhile.
/// Faults are found by any thread.
final class Verdict {
    private volatile @Nullable PacketViolation violation;
    private volatile @Nullable String failure;
    private @Nullable Status exit;

    void violated(PacketViolation broken) {
        violation = broken;
    }

    /// @param text public
    void failed(String text) {
        failure = text;
    }

    /// The program has returned, or ended itself.
    ///
    /// @param result 0 or 1
    void exited(State state, int result) {
        exit = Status.exited(state, result);
    }

    /// The trap for what has been found at fault; empty where that is nothing.
    Optional<TrapId> fault() {
        if (violation != null) {
            return Optional.of(TrapId.ABI_VIOLATION);
        }
        return failure != null ? Optional.of(TrapId.INTERNAL_ERROR) : Optional.empty();
    }

    Status status(TrapId trap, Optional<Deficiency> deficiency) {
        Status exited = exit;
        if (trap == TrapId.EXIT && exited != null) {
            return exited;
        }
        Status status = trap.status();
        PacketViolation broken = violation;
        String failed = failure;
        if (status.cause() == Cause.ABI_VIOLATION && broken != null) {
            return status.withError(broken.text());
        }
        if (status.cause() == Cause.INTERNAL && failed != null) {
            return status.withError(failed);
        }
        if (trap == TrapId.ABI_DEFICIENCY) {
            return deficiency
                    .map(lack -> status.withError(lack.function() + ": " + lack.reason()))
                    .orElse(status);
        }
        return status;
    }
}
