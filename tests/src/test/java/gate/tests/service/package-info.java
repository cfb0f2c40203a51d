// SPDX-License-Identifier: Apache-2.0
/// Services, from the program's side: what goes in and comes out at a [FakePort].
@NullMarked
package gate.tests.service;

import org.jspecify.annotations.NullMarked;
