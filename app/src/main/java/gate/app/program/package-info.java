// SPDX-License-Identifier: Apache-2.0
/// From files to programs that can run, and back to files.
///
/// Read first: [ProgramFile], [Guest], [SnapshotFile]. All of it is for one thread at a time.
///
/// Not here: signals, timers and what a person is asked (`gate.app.command`).
@NullMarked
package gate.app.program;

import org.jspecify.annotations.NullMarked;
