// SPDX-License-Identifier: Apache-2.0
/// Option values: how they are written, and what a command gets of them. Everything here is immutable.
///
/// Read first: [RunOptions], [Duration Syntax][DurationSyntax], [Size Syntax][SizeSyntax].
@NullMarked
package gate.app.options;

import org.jspecify.annotations.NullMarked;
