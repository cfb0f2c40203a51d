// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;

/// A kernel in Endive's interpreter.
final class EndiveRunner {
    private EndiveRunner() {}

    static KernelWorker.Runner load(byte[] binary, int size) {
        ExportFunction function = Instance.builder(Parser.parse(binary)).build().export("run");
        return () -> function.apply(size)[0];
    }
}
