// SPDX-License-Identifier: Apache-2.0
/// Services of other processes, which are real ones: [ServiceProcess] is a gRPC server, in this process
/// behind a Unix socket, or in one that is started.
@NullMarked
package gate.tests.grpc;

import org.jspecify.annotations.NullMarked;
