// SPDX-License-Identifier: Apache-2.0
/// The first seconds of a process: `./bench start`.
///
/// Read first: [gate.bench.start.StartBenchmark], then [gate.bench.start.StartWorker].
@NullMarked
package gate.bench.start;

import org.jspecify.annotations.NullMarked;
