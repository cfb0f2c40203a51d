// SPDX-License-Identifier: Apache-2.0
/// Tests of the sections of saved programs, byte by byte.
@NullMarked
package gate.engine.snapshot;

import org.jspecify.annotations.NullMarked;
