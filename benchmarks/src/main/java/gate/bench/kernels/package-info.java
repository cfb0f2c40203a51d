// SPDX-License-Identifier: Apache-2.0
/// Small computations with checksums, run by several engines: `./bench kernels`.
///
/// Read first: [gate.bench.kernels.KernelsBenchmark], which compares; [gate.bench.kernels.Kernel], what is run;
/// [gate.bench.kernels.KernelWorker], the process that measures one engine.
@NullMarked
package gate.bench.kernels;

import org.jspecify.annotations.NullMarked;
