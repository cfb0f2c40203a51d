// SPDX-License-Identifier: Apache-2.0
/// How soon a guest stops: `./bench suspend`.
///
/// Read first: [gate.bench.suspend.SuspendBenchmark], then [gate.bench.suspend.Victim], the guests.
@NullMarked
package gate.bench.suspend;

import org.jspecify.annotations.NullMarked;
