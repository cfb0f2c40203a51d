// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import gate.bench.BenchModules;
import java.util.List;

/// A computation that exports `run(n) -> i64`, a checksum.
///
/// @param name of the file with its text
/// @param size its parameter: about two million instructions
/// @param portion the same, for about fifty thousand
public record Kernel(String name, int size, int portion) {
    /// In the order in which a round runs them.
    public static final List<Kernel> ALL = BenchModules.text("kernels/kernels.txt")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(Kernel::parse)
            .toList();

    private static Kernel parse(String line) {
        String[] fields = line.split(" ", 3);
        return new Kernel(fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
    }

    /// The module in the binary format.
    public byte[] binary() {
        return BenchModules.binary("kernels/" + name + ".wat");
    }
}
