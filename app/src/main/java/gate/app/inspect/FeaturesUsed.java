// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.UnsupportedFeatureException;
import java.util.EnumSet;
import java.util.Set;

/// Finds which features a valid module uses, by the validator's own word: it is asked with none, and told of those that
/// it stumbles over, until it passes. All but the last of these passes end early.
final class FeaturesUsed {
    private FeaturesUsed() {}

    static Set<Feature> by(byte[] module) {
        EnumSet<Feature> used = EnumSet.noneOf(Feature.class);
        while (true) {
            try {
                Module.parse(module, used, Limits.DEFAULT);
                return used;
            } catch (UnsupportedFeatureException e) {
                if (!used.add(e.feature())) {
                    throw new IllegalStateException("a feature is refused that was allowed: " + e.getMessage(), e);
                }
            }
        }
    }
}
