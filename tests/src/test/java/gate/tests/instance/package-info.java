// SPDX-License-Identifier: Apache-2.0
@NullMarked
package gate.tests.instance;

import org.jspecify.annotations.NullMarked;
