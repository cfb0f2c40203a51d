// SPDX-License-Identifier: Apache-2.0
package gate.tests.golden;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Store;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that runs the benchmarks' kernels in turn: [InterpreterInliningTest] reads what its JVM says meanwhile.
final class KernelLoop {
    private KernelLoop() {}

    /// Arguments: folder of the kernels, seconds.
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<Runnable> kernels = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("kernels.txt"))) {
            if (!line.startsWith("#")) {
                String[] fields = line.split(" ", 3);
                kernels.add(kernel(folder.resolve(fields[0] + ".wat"), Integer.parseInt(fields[2])));
            }
        }
        long end = System.nanoTime() + (long) (Double.parseDouble(args[1]) * 1e9);
        do {
            kernels.forEach(Runnable::run);
        } while (System.nanoTime() < end);
    }

    private static Runnable kernel(Path text, int size) throws IOException {
        byte[] binary = TextFormat.toBinary(Files.readString(text), TextLimits.defaults());
        Instance instance = new Store().allocate(Module.parse(binary), Imports.none());
        Execution execution = Execution.instantiate(instance);
        execution.run();
        int function = instance.exportedFunction("run").orElseThrow();
        return () -> execution.call(function, size).run();
    }
}
