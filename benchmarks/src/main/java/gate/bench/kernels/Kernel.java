// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A computation that exports `run(n) -> i64`, a checksum.
///
/// @param name of the file with its text
/// @param size its parameter: about two million instructions
public record Kernel(String name, int size) {
    /// In the order in which a round runs them.
    public static final List<Kernel> ALL = List.of(
            new Kernel("fib", 24),
            new Kernel("tak", 18),
            new Kernel("indirect", 80_000),
            new Kernel("bytecode", 200),
            new Kernel("json", 300),
            new Kernel("sha256", 400),
            new Kernel("matmul", 50),
            new Kernel("nbody", 1_000),
            new Kernel("sieve", 70_000),
            new Kernel("quicksort", 10_000),
            new Kernel("crc32", 100_000),
            new Kernel("mandelbrot", 80),
            new Kernel("hash", 30_000),
            new Kernel("lz", 50_000),
            new Kernel("distance", 250),
            new Kernel("mix64", 50_000),
            new Kernel("blur", 160),
            new Kernel("search", 25_000),
            new Kernel("queens", 10));

    /// The module in the binary format.
    public byte[] binary() {
        String resource = name + ".wat";
        try (InputStream in = Kernel.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return TextFormat.toBinary(new String(in.readAllBytes(), StandardCharsets.UTF_8), TextLimits.defaults());
        } catch (IOException e) {
            throw new IllegalStateException(resource, e);
        }
    }
}
