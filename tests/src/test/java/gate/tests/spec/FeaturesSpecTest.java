// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleException;
import gate.engine.wasm.UnsupportedFeatureException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A policy can switch each feature off, and a module that uses it is then told so, instead of being called broken.
class FeaturesSpecTest {
    private static final int BYTES_MAX = 100_000;

    @Test
    void everyValidModuleOfTheSuiteIsRefusedForTheFeaturesThatItUsesAndNothingElse() {
        Map<Feature, Integer> users = new HashMap<>();
        int valid = 0;
        for (byte[] bytes : SuiteModules.binaries("features of the official suite's modules", BYTES_MAX)) {
            if (!parses(bytes, Feature.allSupported())) {
                continue;
            }
            valid++;
            Set<Feature> used = used(bytes);
            used.forEach(feature -> users.merge(feature, 1, Integer::sum));
            for (Feature feature : used) {
                EnumSet<Feature> without = EnumSet.copyOf(Feature.allSupported());
                without.remove(feature);
                assertThat(parses(bytes, without)).as("%s is needed", feature).isFalse();
            }
        }
        assertThat(valid).isGreaterThan(1000);
        assertThat(users.keySet()).containsExactlyInAnyOrderElementsOf(Feature.allSupported());
    }

    private static boolean parses(byte[] module, Set<Feature> features) {
        try {
            Module.parse(module, features, Limits.DEFAULT);
            return true;
        } catch (ModuleException e) {
            return false;
        }
    }

    /// What it stumbles over for want of, one after the other.
    private static Set<Feature> used(byte[] module) {
        EnumSet<Feature> used = EnumSet.noneOf(Feature.class);
        while (true) {
            try {
                Module.parse(module, used, Limits.DEFAULT);
                return used;
            } catch (UnsupportedFeatureException e) {
                assertThat(used.add(e.feature()))
                        .as("%s was allowed", e.feature())
                        .isTrue();
            }
        }
    }
}
