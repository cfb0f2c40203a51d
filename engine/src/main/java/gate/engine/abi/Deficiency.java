// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// A program's use of something that the interface allows and that isn't supported (trap
/// [TrapId#ABI_DEFICIENCY]). The program stands before the call, which is made again when it is resumed.
///
/// @param function the import function, for instance `fd_close`
/// @param reason for people
public record Deficiency(String function, String reason) {}
