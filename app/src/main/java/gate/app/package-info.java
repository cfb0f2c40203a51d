// SPDX-License-Identifier: Apache-2.0
/// The command line's launcher and the commands that run guests on the user's own machine.
///
///
/// Not here: anything about WebAssembly itself (the engine) or about files and clocks (the executor's host).
@NullMarked
package gate.app;

import org.jspecify.annotations.NullMarked;
