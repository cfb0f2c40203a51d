// SPDX-License-Identifier: Apache-2.0
/// Services: trusted code that programs reach by packets. Reference section 6.
@NullMarked
package gate.server.service;

import org.jspecify.annotations.NullMarked;
