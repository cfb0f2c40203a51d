// SPDX-License-Identifier: Apache-2.0

/// The house test: a program runs straight, and again stopped at suspend points, each time through bytes and back; what
/// it does is the same. Read `EquivalenceTest`, `ModuleGenerator` and `GuestRun` first.
///
/// And programs of two generators do the same in V8: read `ForeignGeneratorIT`, `Program` and `ObservedRun`.
@NullMarked
package gate.tests.equivalence;

import org.jspecify.annotations.NullMarked;
