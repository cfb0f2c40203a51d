// SPDX-License-Identifier: Apache-2.0
/// The official WebAssembly test suite: reads its scripts and, from there, runs them.
///
/// Read first: [Command], what a script consists of; [ScriptReader]; [ModuleSource], a module that is only turned into
/// bytes when asked, so that one module which needs a feature that isn't built leaves out no more than what depends
/// on it.
@NullMarked
package gate.tests.spec;

import org.jspecify.annotations.NullMarked;
