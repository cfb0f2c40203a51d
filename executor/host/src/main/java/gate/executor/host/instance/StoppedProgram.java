// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.TrapId;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.Images;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.snapshot.Buffers;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.SnapshotInfo;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// What can be seen of a program that doesn't run: reference 3.6. For one thread at a time.
record StoppedProgram(Execution execution, Program program) {
    /// @throws InstanceException where nobody knows how far it has come
    void requireValid() throws InstanceException {
        if (execution.status() == Execution.Status.FAILED) {
            throw InstanceException.conflict("instance state is invalid");
        }
    }

    /// What is to be saved of it beside its execution and instance.
    ///
    /// @param info with its breakpoints
    ProgramState saved(SnapshotInfo info, TrapId trap, ChannelBuffers buffered, List<Buffers.ServiceState> services)
            throws InstanceException {
        byte[] original = new byte[0];
        if (trap == TrapId.SUSPENDED || trap == TrapId.EXIT) {
            execution.completeInitialisation(); // the original saves memory as it is then
        }
        if (trap == TrapId.SUSPENDED && buffered.padding() == 0) {
            original = originalStack(info.breakpoints());
        }
        return new ProgramState(
                info,
                new Buffers(services, buffered.input(), buffered.output()),
                original,
                new HostState(buffered.padding()).toBytes(),
                program.isUncallable());
    }

    private ExecutionImage image() throws InstanceException {
        requireValid();
        return Images.capture(execution);
    }

    /// Innermost first.
    List<FrameImage> frames() throws InstanceException {
        return image().frames().reversed();
    }

    byte[] originalStack(List<Long> breakpoints) throws InstanceException {
        return program.originalStack(image(), breakpoints);
    }

    long[] globals() {
        return execution.instance().globalValues();
    }

    byte[] memory(long address, int size) throws InstanceException {
        Instance instance = execution.instance();
        Memory memory = instance.memoryCount() == 0 ? null : instance.memory(0);
        long bytes = memory == null ? 0 : memory.byteSize();
        if (address < 0 || address > bytes || size < 0) {
            throw InstanceException.badProgram("address is outside of the memory");
        }
        return memory == null
                ? new byte[0]
                : memory.slice(address, Math.min(bytes - address, size)).toArray(ValueLayout.JAVA_BYTE);
    }

    boolean isOutOfFuel() {
        return execution.isCounting() && execution.fuelLeft() <= 0;
    }

    long fuelUsed() throws InstanceException {
        if (!execution.isCounting()) {
            throw InstanceException.conflict("instructions aren't counted");
        }
        return execution.fuelUsed();
    }
}
