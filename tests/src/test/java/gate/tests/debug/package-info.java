// SPDX-License-Identifier: Apache-2.0
/// The debugger, and the debug information that it reads.
@NullMarked
package gate.tests.debug;

import org.jspecify.annotations.NullMarked;
