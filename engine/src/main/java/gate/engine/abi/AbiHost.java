// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// The world outside of one program.
///
/// @param log [DebugLog#DISCARDED] where there is none
public record AbiHost(HostClock clock, RandomSource random, DebugLog log, PacketStream packets) {}
