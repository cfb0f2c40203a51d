// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostFunction;
import java.util.List;

/// A function of WASI bound to one instance's [Wasi].
///
/// @param parameters value types, [gate.engine.wasm.ValueType]
/// @param results value types
public record WasiFunction(String name, List<Integer> parameters, List<Integer> results, HostFunction function) {}
