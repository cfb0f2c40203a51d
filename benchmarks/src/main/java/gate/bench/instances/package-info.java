// SPDX-License-Identifier: Apache-2.0
/// Many instances in one process: `./bench instances`.
///
/// Read first: [gate.bench.instances.InstancesBenchmark], then [gate.bench.instances.InstancesWorker].
@NullMarked
package gate.bench.instances;

import org.jspecify.annotations.NullMarked;
