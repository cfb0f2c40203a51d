// SPDX-License-Identifier: Apache-2.0

/// Damaged modules and saved files: decoder, validator, reader of saved files and interpreter meet them with declared
/// exceptions only, in bounded time and memory. Read `EngineFuzzTest`, `Mutation` and `GuardedGuest` first.
@NullMarked
package gate.tests.fuzz;

import org.jspecify.annotations.NullMarked;
