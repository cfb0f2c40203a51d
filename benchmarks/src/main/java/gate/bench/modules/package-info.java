// SPDX-License-Identifier: Apache-2.0
/// Modules made up for benchmarks, of any size.
///
/// Read first: [gate.bench.modules.Shape], the kinds of modules; [gate.bench.modules.ModuleBytes], which writes them.
@NullMarked
package gate.bench.modules;

import org.jspecify.annotations.NullMarked;
