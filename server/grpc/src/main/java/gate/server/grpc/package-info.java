// SPDX-License-Identifier: Apache-2.0
/// Services that are processes of their own, spoken to by gRPC: reference 6.10. What is said is in
/// `src/main/protobuf`; the code made of it is in `gate.server.grpc.wire`.
///
/// Read first: [GrpcConnector], which makes services of targets; `Connection`, one process;
/// `RemoteInstance`, one program's instance of one of its services.
///
/// A program's session calls an instance from its thread; each instance has two virtual threads more, one
/// for each direction. A process is trusted with what its programs do, and with nothing else: whatever it
/// answers, or doesn't, costs the programs that use it, and bounded memory and time.
@NullMarked
package gate.server.grpc;

import org.jspecify.annotations.NullMarked;
