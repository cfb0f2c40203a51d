// SPDX-License-Identifier: Apache-2.0
/// The WebAssembly text format: turns a module written as text into the same module in the binary format, which the
/// decoder then checks like any other. Nothing here validates types; that is the validator's.
///
/// Read first: [TextFormat], what a caller uses; `ModuleReader`, the fields of a module in three rounds;
/// `ExpressionReader`, instructions with an explicit stack. [TokenReader] is public because scripts around modules
/// (the official test suite's `.wast` files) consist of the same tokens.
///
/// Every class here is for one thread at a time. Time and memory are linear in the length of the text, and nesting
/// uses no Java stack.
///
/// Core specification, chapter 6 "Text Format".
@NullMarked
package gate.engine.text;

import org.jspecify.annotations.NullMarked;
