// SPDX-License-Identifier: Apache-2.0
/// Origin's parts, one by one.
@NullMarked
package gate.server.service.origin;

import org.jspecify.annotations.NullMarked;
