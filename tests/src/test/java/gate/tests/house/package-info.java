// SPDX-License-Identifier: Apache-2.0
/// The house itself, as users meet it: its scripts, and the promise that a program can be stopped anywhere and goes on
/// somewhere else as if nothing had been.
///
/// Read first: `GateHouseTest`, where a Gate program is stopped at random packets; `lanes.wat`, which is that program;
/// and
/// `Hop`, one stretch of its life. `GateScriptIT` is about the scripts.
@NullMarked
package gate.tests.house;

import org.jspecify.annotations.NullMarked;
