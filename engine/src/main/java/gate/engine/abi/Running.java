// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import org.jspecify.annotations.Nullable;

/// What exists from one start or resumption of a program until it stops.
final class Running {
    private final AbiHost host;
    private final ProgramClock clock;
    private int randomBytesLeft;
    private boolean startReported;
    private @Nullable Deficiency deficiency;

    Running(AbiHost host, AbiPolicy policy, AbiState state) {
        this.host = host;
        this.clock = new ProgramClock(host.clock(), policy.timeResolutionNanos(), state);
        this.randomBytesLeft = policy.randomBytes();
    }

    DebugLog log() {
        return host.log();
    }

    PacketStream packets() {
        return host.packets();
    }

    boolean isStopping() {
        return host.stopping().getAsBoolean();
    }

    ProgramClock clock() {
        return clock;
    }

    int randomBytesLeft() {
        return randomBytesLeft;
    }

    byte[] takeRandom(int count) {
        byte[] bytes = new byte[count];
        if (count > 0) {
            host.random().fill(bytes);
            randomBytesLeft -= count;
        }
        return bytes;
    }

    /// Whether nobody has asked since the start or resumption.
    boolean takeStarted() {
        boolean started = !startReported;
        startReported = true;
        return started;
    }

    @Nullable
    Deficiency deficiency() {
        return deficiency;
    }

    void setDeficiency(@Nullable Deficiency deficiency) {
        this.deficiency = deficiency;
    }
}
