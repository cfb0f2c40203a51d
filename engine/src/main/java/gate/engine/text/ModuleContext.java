// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// What identifiers mean within one module. Core specification, 6.4 "Contexts".
final class ModuleContext {
    final IndexSpace typeNames = new IndexSpace("type");
    final IndexSpace functions = new IndexSpace("func");
    final IndexSpace tables = new IndexSpace("table");
    final IndexSpace memories = new IndexSpace("memory");
    final IndexSpace globals = new IndexSpace("global");
    final IndexSpace elements = new IndexSpace("elem segment");
    final IndexSpace data = new IndexSpace("data segment");

    final TypeReader types;

    /// Whether code refers to a data segment, in which case the binary must say early how many there are.
    boolean dataUsedByCode;

    ModuleContext(TokenReader tokens) {
        this.types = new TypeReader(tokens, typeNames);
    }
}
