// SPDX-License-Identifier: Apache-2.0

/// What tests need to see of the engine's inside.
@NullMarked
package gate.engine.runtime;

import org.jspecify.annotations.NullMarked;
