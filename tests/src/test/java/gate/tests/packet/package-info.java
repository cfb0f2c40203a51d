// SPDX-License-Identifier: Apache-2.0
/// The codec of packets, with valid and invalid input.
@NullMarked
package gate.tests.packet;

import org.jspecify.annotations.NullMarked;
