// SPDX-License-Identifier: Apache-2.0
/// Programs of the `gate` profile on a user's own machine: an instance, its services in the same process, and
/// connections to it.
@NullMarked
package gate.app.instance;

import org.jspecify.annotations.NullMarked;
