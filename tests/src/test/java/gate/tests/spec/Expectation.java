// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import java.util.List;

/// What a result must be.
public sealed interface Expectation {
    record Exactly(Value value) implements Expectation {}

    /// A NaN, in a float of `bits` bits: canonical, or any quiet one.
    record NotANumber(int bits, boolean canonical) implements Expectation {}

    /// A vector, each lane of `bits` bits for itself; at least one is [NotANumber].
    record Lanes(int bits, List<Expectation> lanes) implements Expectation {
        public Lanes {
            lanes = List.copyOf(lanes);
        }
    }

    /// Any null reference.
    record AnyNull() implements Expectation {}

    /// Any reference of a kind that isn't null.
    ///
    /// @param kind the word behind `ref.`: `func`, `extern`, `eq`, `i31`, `struct`, `array`, `any`, `exn`
    record AnyReference(String kind) implements Expectation {}

    record Either(List<Expectation> alternatives) implements Expectation {
        public Either {
            alternatives = List.copyOf(alternatives);
        }
    }
}
