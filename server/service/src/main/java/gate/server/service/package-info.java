// SPDX-License-Identifier: Apache-2.0
/// Services: trusted code that programs reach by packets. Reference section 6.
///
/// Read first: [Service] and [ServiceInstance], which is all that a new service has to do with;
/// [ServiceSession], one running program's services. [Registry] says which there are. What every program
/// has is in `gate.server.service.builtin` and `gate.server.service.origin`.
///
/// A session has one virtual thread, which takes the program's packets in order and calls the services: a
/// service is for one thread at a time, unless it starts threads itself. Whatever waits, waits for this one
/// program alone.
///
/// Everything that comes from a program is hostile, and so is saved state: it may be forged. Who breaks a
/// rule gets a [gate.contract.packet.PacketViolation].
@NullMarked
package gate.server.service;

import org.jspecify.annotations.NullMarked;
