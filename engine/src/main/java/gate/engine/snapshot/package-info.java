/// Saved programs: an execution that was stopped, as an ordinary `.wasm` file, and back.
///
/// Read first: [SnapshotWriter], [Snapshot]. `docs/snapshot.md` describes the format.
///
/// Everything read is checked against the module, slot by slot: a forged file can do no more than another program
/// could.
@NullMarked
package gate.engine.snapshot;

import org.jspecify.annotations.NullMarked;
