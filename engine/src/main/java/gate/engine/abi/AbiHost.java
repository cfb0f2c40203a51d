// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.util.function.BooleanSupplier;

/// The world outside of one program.
///
/// @param log [DebugLog#DISCARDED] where there is none
/// @param stopping asked in a call whose execution has been asked to suspend: whether the program is really to stop.
///     False where that was only to let others run: the call goes on, as programs see stops of some calls
public record AbiHost(
        HostClock clock, RandomSource random, DebugLog log, PacketStream packets, BooleanSupplier stopping) {
    /// Where an execution is asked to suspend only when it is to stop.
    public AbiHost(HostClock clock, RandomSource random, DebugLog log, PacketStream packets) {
        this(clock, random, log, packets, () -> true);
    }
}
