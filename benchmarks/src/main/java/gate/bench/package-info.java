// SPDX-License-Identifier: Apache-2.0
/// What `./bench` runs: measurements of the engine, as tables and pictures.
///
/// Read first: [gate.bench.Bench], which knows the benchmarks by name; [gate.bench.Report], what one of them yields;
/// [gate.bench.ChildJvm], because most are measured in JVMs of their own.
///
/// Not here: tests. A benchmark fails only where it can't measure.
@NullMarked
package gate.bench;

import org.jspecify.annotations.NullMarked;
