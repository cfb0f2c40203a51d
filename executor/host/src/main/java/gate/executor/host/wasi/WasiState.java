// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Wasi] as plain data, to be kept in a file: [#toBytes()] and [#parse(byte\[\])].
///
/// @param monotonicNanos the guest's monotonic clock, which goes on from here
/// @param cpuNanos the processor time the guest has last been told
/// @param descriptors by ascending number
/// @param input taken from standard input and not read by the guest
/// @param pending the call that was stopped, or null
/// @param exitStatus what the guest exited with, or null
public record WasiState(
        List<String> arguments,
        List<String> environment,
        long monotonicNanos,
        long cpuNanos,
        List<SavedDescriptor> descriptors,
        Bytes input,
        @Nullable PendingCall pending,
        @Nullable Integer exitStatus) {
    public WasiState {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        descriptors = List.copyOf(descriptors);
    }

    /// The state in its binary format, of the newest version.
    public byte[] toBytes() {
        return new WasiStateWriter().write(this);
    }

    /// Reads what [#toBytes()] has written, or what somebody claims to be that.
    ///
    /// @throws CorruptWasiStateException where it isn't
    public static WasiState parse(byte[] bytes) {
        return new WasiStateReader(bytes).read();
    }

    /// Why a [Wasi#restore(WasiState, WasiWorld)] can't succeed, known already now: a sentence for each file
    /// that was deleted or renamed while it was open. Empty is good.
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (SavedDescriptor descriptor : descriptors) {
            String detached = switch (descriptor) {
                case SavedDescriptor.File file when file.detached() -> file.describe();
                case SavedDescriptor.Device device when device.detached() -> device.describe();
                case SavedDescriptor.Directory directory when directory.detached() -> directory.describe();
                default -> "";
            };
            if (!detached.isEmpty()) {
                problems.add(detached + " was deleted, replaced or renamed while it was open");
            }
        }
        return problems;
    }
}
