// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.Execution;
import gate.engine.runtime.SuspendPoints;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Decides where a run is stopped and when it goes through bytes. A seed decides, so that a failure comes back.
final class Interruptions {
    private final @Nullable SplittableRandom random;
    private final int carriesMax;
    private int stops;
    private int carries;
    private int skip;
    private @Nullable Breaking breaking;

    private Interruptions(@Nullable SplittableRandom random, int carriesMax) {
        this.random = random;
        this.carriesMax = carriesMax;
        this.skip = random == null ? 0 : random.nextInt(3) == 0 ? random.nextInt(2_000) : 0;
    }

    static Interruptions none() {
        return new Interruptions(null, 0);
    }

    /// @param carriesMax how often at most a run goes through bytes
    static Interruptions seeded(long seed, int carriesMax) {
        return new Interruptions(new SplittableRandom(seed), carriesMax);
    }

    /// Stopped as by a debugger too.
    Interruptions with(Breaking debugger) {
        breaking = debugger;
        return this;
    }

    boolean isDebugged() {
        return breaking != null;
    }

    /// Before an execution runs: arranges for it to stop, by fuel or by a request.
    void arrange(Execution execution, boolean counting) {
        if (breaking != null) {
            breaking.arrange(execution);
        }
        if (random == null || carries >= carriesMax || stops > 20 * carriesMax) {
            if (counting) {
                execution.setFuel(Long.MAX_VALUE / 2);
            }
            return;
        }
        if (counting) {
            long fuel = random.nextInt(4) == 0 ? 1 + random.nextInt(200) : 1;
            execution.setFuel(random.nextInt(3) == 0 ? fuel : Long.MAX_VALUE / 2);
        }
        if (SuspendPoints.isInitialised(execution) && random.nextInt(8) != 0) {
            SuspendPoints.stopAtNext(execution);
        }
    }

    /// After it has stopped: whether it goes through bytes.
    boolean carry() {
        stops++;
        if (random == null || --skip > 0 || carries >= carriesMax || random.nextInt(4) == 0) {
            return false;
        }
        if (random.nextInt(16) == 0) {
            skip = random.nextInt(100);
        }
        carries++;
        return true;
    }

    /// In a host call: whether to ask for a stop.
    boolean suspend() {
        return random != null && random.nextInt(4) == 0;
    }

    /// In a host call: whether it is to be made again.
    boolean again() {
        return random != null && random.nextInt(3) == 0;
    }

    /// After a stop: whether it goes through a saved file, and not only through an image.
    boolean file() {
        return random != null && random.nextInt(2) == 0;
    }
}
