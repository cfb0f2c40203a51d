// SPDX-License-Identifier: Apache-2.0
/// Our libraries as somebody else uses them: their documented examples, in a JVM without flags.
@NullMarked
package gate.tests.library;

import org.jspecify.annotations.NullMarked;
