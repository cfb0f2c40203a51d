// SPDX-License-Identifier: Apache-2.0
/// The engine as somebody else's library: its documented example, in a JVM without flags.
@NullMarked
package gate.tests.library;

import org.jspecify.annotations.NullMarked;
