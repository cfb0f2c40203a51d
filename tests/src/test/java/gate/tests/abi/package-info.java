// SPDX-License-Identifier: Apache-2.0
/// The import functions of the `gate` profile, called by modules of ours that run in the engine, in a world
/// of fakes. [gate.tests.abi.AbiGuest] is such a module.
@NullMarked
package gate.tests.abi;

import org.jspecify.annotations.NullMarked;
