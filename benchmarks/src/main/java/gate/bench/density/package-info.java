// SPDX-License-Identifier: Apache-2.0
/// Gate programs, many in one process, with their services: `./bench density`.
///
/// Read first: [gate.bench.density.DensityBenchmark], then the workers, each a process of its own.
@NullMarked
package gate.bench.density;

import org.jspecify.annotations.NullMarked;
