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
    public static final List<Kernel> ALL = List.of(
            new Kernel("fib", 24, 15),
            new Kernel("tak", 18, 9),
            new Kernel("indirect", 80_000, 2_000),
            new Kernel("bytecode", 200, 8),
            new Kernel("json", 300, 5),
            new Kernel("sha256", 400, 6),
            new Kernel("matmul", 50, 12),
            new Kernel("nbody", 1_000, 40),
            new Kernel("sieve", 70_000, 2_000),
            new Kernel("quicksort", 10_000, 300),
            new Kernel("crc32", 100_000, 800),
            new Kernel("mandelbrot", 80, 12),
            new Kernel("hash", 30_000, 300),
            new Kernel("lz", 50_000, 1_200),
            new Kernel("distance", 250, 40),
            new Kernel("mix64", 50_000, 1_000),
            new Kernel("blur", 160, 24),
            new Kernel("search", 25_000, 600),
            new Kernel("queens", 10, 6));

    /// The module in the binary format.
    public byte[] binary() {
        return BenchModules.binary("kernels/" + name + ".wat");
    }
}
