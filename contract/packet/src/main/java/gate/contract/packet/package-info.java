// SPDX-License-Identifier: Apache-2.0
/// Packets between a program and services: reference section 1.3.
///
/// Read first: [Packet], [PacketAssembler] (bytes from a program become packets), [PacketQueue] (packets become bytes
/// for a program). Beside them what packets carry: [Discovery], [Flow], [Data]. [PacketPort] is where a program's side
/// and the services' side meet.
///
/// Everything from a program is hostile: a [PacketViolation] says which rule it broke. Nothing here starts a thread or
/// waits.
@NullMarked
package gate.contract.packet;

import org.jspecify.annotations.NullMarked;
