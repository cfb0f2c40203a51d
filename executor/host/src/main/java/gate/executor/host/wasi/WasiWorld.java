// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is outside a guest: not part of its saved state, and given anew when it is restored.
///
/// @param preopens in the order of their descriptors, from 3 on
public record WasiWorld(
        StreamInput input,
        StreamOutput output,
        StreamOutput error,
        WasiClocks clocks,
        WasiRandom random,
        List<Preopen> preopens) {
    public WasiWorld {
        preopens = List.copyOf(preopens);
        Set<String> names = new HashSet<>();
        for (Preopen preopen : preopens) {
            if (!names.add(preopen.guest())) {
                throw new IllegalArgumentException("two directories are called " + preopen.guest());
            }
            if (!Files.isDirectory(preopen.host())) {
                throw new IllegalArgumentException(preopen.host() + " is not a directory");
            }
        }
        if (preopens.size() > WasiLimits.OPEN_FILES_MAX / 2) {
            throw new IllegalArgumentException("more than " + WasiLimits.OPEN_FILES_MAX / 2 + " directories");
        }
    }

    /// This process's streams, the host's clocks and randomness.
    public static WasiWorld system(List<Preopen> preopens) {
        return new WasiWorld(
                StreamInput.system(),
                StreamOutput.systemOutput(),
                StreamOutput.systemError(),
                WasiClocks.system(),
                WasiRandom.system(),
                preopens);
    }

    /// The same with another standard input.
    public WasiWorld withInput(StreamInput other) {
        return new WasiWorld(other, output, error, clocks, random, preopens);
    }
}
