// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A module that uses a feature that isn't built yet, or that the policy in force switches off.
public final class UnsupportedFeatureException extends ModuleException {
    private static final long serialVersionUID = 1L;

    private final Feature feature;

    /// @param place where it is used, for instance `offset 0x1f in function 3`
    public UnsupportedFeatureException(Feature feature, String place, long offset) {
        super("feature not supported: " + feature.label() + ", used at " + place, "", offset);
        this.feature = feature;
    }

    public Feature feature() {
        return feature;
    }
}
