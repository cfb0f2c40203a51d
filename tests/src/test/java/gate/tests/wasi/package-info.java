// SPDX-License-Identifier: Apache-2.0
/// WASI preview 1 through its functions, as a guest calls them. [gate.tests.wasi.WasiGuest] is the guest.
@NullMarked
package gate.tests.wasi;

import org.jspecify.annotations.NullMarked;
