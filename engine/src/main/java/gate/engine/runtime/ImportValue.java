// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;

/// What an embedder gives for an import.
public sealed interface ImportValue {
    /// A host function with its type.
    record Host(HostFunction function, FunctionType type) implements ImportValue {}

    /// A function of another instance of the same store, by its index there.
    record Function(Instance instance, int index) implements ImportValue {}

    record OfTable(Table table) implements ImportValue {}

    record OfMemory(Memory memory) implements ImportValue {}

    record OfGlobal(Global global) implements ImportValue {}
}
