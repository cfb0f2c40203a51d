// SPDX-License-Identifier: Apache-2.0
/// The official WebAssembly test suite: reads its scripts and runs them, straight and stopped again and again.
///
/// Read first: [Command], what a script consists of; [ScriptRun], which runs one; [GuestRun], which stops guest
/// code and lets it go on from a saved file. A module is only turned into bytes when asked ([ModuleSource]), so
/// that one which needs a feature that isn't built leaves out no more than what depends on it.
@NullMarked
package gate.tests.spec;

import org.jspecify.annotations.NullMarked;
