// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// The host's clocks, in nanoseconds. What a program is shown of them is [ProgramClock]'s business.
public interface HostClock {
    /// Since 1970, in UTC. It may be set, and so go back.
    long realtimeNanos();

    /// Since any moment; never goes back.
    long monotonicNanos();
}
