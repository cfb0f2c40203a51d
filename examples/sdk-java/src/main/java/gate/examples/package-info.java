// SPDX-License-Identifier: Apache-2.0
/** Programs in Java, which TeaVM compiles to WebAssembly: `examples/build java`. */
package gate.examples;
