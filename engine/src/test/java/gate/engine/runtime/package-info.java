// SPDX-License-Identifier: Apache-2.0
/// Tests of what only the runtime itself sees.
@NullMarked
package gate.engine.runtime;

import org.jspecify.annotations.NullMarked;
