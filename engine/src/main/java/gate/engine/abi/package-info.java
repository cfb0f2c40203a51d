// SPDX-License-Identifier: Apache-2.0
/// The `gate` profile: what a program that runs under a Gate server may import, how it is started, and what
/// is said about it when it stops.
///
/// Read first: [GateAbi] (one running program's import functions), [AbiImports] (whether a module's imports
/// can be had, before anything runs) and [TrapId] (how running ends, with the public numbers).
///
/// A [GateAbi] is for one thread at a time: the one that runs the program. Clocks, randomness, the debug
/// log and the packets come in as an [AbiHost]; nothing here starts a thread, reads a clock or opens
/// anything.
///
/// Not here: what packets mean, services, the file format of saved programs.
@NullMarked
package gate.engine.abi;

import org.jspecify.annotations.NullMarked;
