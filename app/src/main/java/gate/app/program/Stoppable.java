// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.ExitCode;
import gate.app.Streams;

/// A program that runs on this machine, and can be stopped and saved, whichever profile it is of. For one
/// thread at a time, but for [#suspend()].
public interface Stoppable extends Saving, AutoCloseable {
    /// How a stretch of running has come to its end.
    sealed interface Stretch {
        /// The program has ended, and all has been said about it.
        record Ended(int exitStatus) implements Stretch {}

        /// It has been stopped: somebody asked for it, or nobody, and it goes on.
        record Stopped() implements Stretch {}

        /// It lacks something, and can go on when it is given that.
        ///
        /// @param reason why it was stopped, for the sentence that says so
        /// @param next what continues it, up to the file's name
        /// @param unsaved said where it isn't saved
        /// @param code exit code then
        record Lacking(String reason, String next, String unsaved, ExitCode code) implements Stretch {}
    }

    /// Runs it until it ends or stops. Prints what is to be said about an end.
    Stretch run(Streams streams);

    /// Asks it to stop; any thread may.
    void suspend();

    @Override
    void close();
}
