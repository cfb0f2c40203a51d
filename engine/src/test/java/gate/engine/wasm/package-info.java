// SPDX-License-Identifier: Apache-2.0
/// Tests of what only the decoder and validator see.
@NullMarked
package gate.engine.wasm;

import org.jspecify.annotations.NullMarked;
