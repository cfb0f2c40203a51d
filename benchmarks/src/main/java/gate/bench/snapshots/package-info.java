// SPDX-License-Identifier: Apache-2.0
/// Saving and restoring: `./bench snapshot`.
///
/// Read first: [gate.bench.snapshots.SnapshotBenchmark].
@NullMarked
package gate.bench.snapshots;

import org.jspecify.annotations.NullMarked;
