// SPDX-License-Identifier: Apache-2.0
/// The debugger of `gate debug`: a program on one's own machine is stopped, looked at and stepped.
///
/// Read [gate.app.debug.Debuggee], the program, then [gate.app.debug.Session], what its user says. For one thread,
/// except where a method says otherwise. Not here: where source lines come from (`gate.engine.debug`).
@NullMarked
package gate.app.debug;

import org.jspecify.annotations.NullMarked;
