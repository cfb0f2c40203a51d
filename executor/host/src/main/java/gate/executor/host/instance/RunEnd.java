// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.AbiState;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import gate.engine.runtime.StackFrame;
import gate.engine.snapshot.Buffers;
import java.util.List;

/// How a run has ended.
///
/// @param trap what ended it
/// @param buffers of a suspended program; empty otherwise
/// @param services states of a suspended program's; empty otherwise
/// @param trace of a program that has trapped
record RunEnd(
        Status status,
        TrapId trap,
        AbiState abiState,
        ChannelBuffers buffers,
        List<Buffers.ServiceState> services,
        List<StackFrame> trace) {}
