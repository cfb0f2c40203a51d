// SPDX-License-Identifier: Apache-2.0
/// Small services that every program has: reference 6.2, 6.3, 6.5, 6.6, and the test service, 6.11.
///
/// [ProgramServices] puts a program's services together: start there. [gate.server.service.origin.Origin]
/// has a package of its own.
@NullMarked
package gate.server.service.builtin;

import org.jspecify.annotations.NullMarked;
