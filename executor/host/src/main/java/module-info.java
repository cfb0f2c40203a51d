// SPDX-License-Identifier: Apache-2.0
/// Running guests for an embedder that has threads, clocks and files: WASI, and the life of instances.
module gate.executor.host {
    requires transitive gate.contract.packet;
    requires transitive gate.engine;
    requires static org.jspecify;

    exports gate.executor.host.instance;
    exports gate.executor.host.wasi;
}
