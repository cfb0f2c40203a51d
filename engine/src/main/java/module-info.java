/// The engine: a WebAssembly implementation whose running programs can be stopped anywhere, written to a file and
/// continued elsewhere. It needs the JDK alone, starts no thread, reads no clock, opens no file or socket.
module gate.engine {
    requires static org.jspecify;

    exports gate.engine.abi;
    exports gate.engine.callsite;
    exports gate.engine.debug;
    exports gate.engine.snapshot;
    exports gate.engine.wasm;
    exports gate.engine.runtime;
    exports gate.engine.text;
}
