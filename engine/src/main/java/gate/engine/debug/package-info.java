// SPDX-License-Identifier: Apache-2.0
/// Looking into programs: code offsets as debuggers and breakpoints count them.
@NullMarked
package gate.engine.debug;

import org.jspecify.annotations.NullMarked;
