// SPDX-License-Identifier: Apache-2.0
/// The commands, one class each, of which a start builds only the one that was asked for.
///
/// Read first: [Commands], [Command], [StopRequests]. All of it is for the main thread, but for [StopRequests], which
/// signals and timers call too.
@NullMarked
package gate.app.command;

import org.jspecify.annotations.NullMarked;
