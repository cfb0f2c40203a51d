// SPDX-License-Identifier: Apache-2.0
/// Every limit of modules and instances: what just fits is accepted, one more is refused by name.
@NullMarked
package gate.tests.limits;

import org.jspecify.annotations.NullMarked;
