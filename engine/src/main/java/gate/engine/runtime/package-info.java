/// Running validated modules, stopping them anywhere, and their state as plain data.
///
/// Read first: [Store], [Instance], [Execution].
///
/// A store and everything in it is for one thread at a time; [Execution#suspend()] alone may be called from any thread.
/// Nothing here starts a thread, reads a clock, or opens a file or socket.
@NullMarked
package gate.engine.runtime;

import org.jspecify.annotations.NullMarked;
