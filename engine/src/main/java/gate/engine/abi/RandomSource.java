// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// Where a program's few random bytes come from: a source that nobody can predict.
@FunctionalInterface
public interface RandomSource {
    /// Fills all of it.
    void fill(byte[] bytes);
}
