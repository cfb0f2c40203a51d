// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.io.IOException;

/// One thing that `./bench` measures.
public interface Benchmark {
    /// As on the command line.
    String name();

    /// What is measured.
    String sentence();

    Report run(Options options) throws IOException, InterruptedException;
}
