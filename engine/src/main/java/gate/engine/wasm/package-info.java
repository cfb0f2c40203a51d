/// Decoding and validation of WebAssembly binaries.
@NullMarked
package gate.engine.wasm;

import org.jspecify.annotations.NullMarked;
