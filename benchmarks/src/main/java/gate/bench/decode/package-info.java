// SPDX-License-Identifier: Apache-2.0
/// Decoding and validation: `./bench decode`.
///
/// Read first: [gate.bench.decode.DecodeBenchmark], then [gate.bench.decode.DecodeWorker].
@NullMarked
package gate.bench.decode;

import org.jspecify.annotations.NullMarked;
