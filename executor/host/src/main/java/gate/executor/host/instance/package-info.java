// SPDX-License-Identifier: Apache-2.0
/// The life of instances of the `gate` profile: many programs in one process, which run on virtual threads, talk to
/// services by packets, and are started, stopped, saved, looked at and resumed. Reference section 3.
///
/// Read first: [InstanceHost] (what instances of a process share), [GateInstance] (one of them, and its states),
/// [PacketChannel] (its packets). Services are the embedder's: [InstanceServices].
@NullMarked
package gate.executor.host.instance;

import org.jspecify.annotations.NullMarked;
