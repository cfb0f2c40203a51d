// SPDX-License-Identifier: Apache-2.0
/// Saved programs as files that others read too.
@NullMarked
package gate.tests.snapshot;

import org.jspecify.annotations.NullMarked;
