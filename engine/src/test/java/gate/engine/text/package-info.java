// SPDX-License-Identifier: Apache-2.0
/// Tests of the text format.
@NullMarked
package gate.engine.text;

import org.jspecify.annotations.NullMarked;
