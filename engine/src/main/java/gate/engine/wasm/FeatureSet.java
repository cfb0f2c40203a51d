// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.Set;

/// A set of features as booleans, for the validator's inner loops.
final class FeatureSet {
    final boolean mutableGlobals;
    final boolean signExtension;
    final boolean saturatingConversions;
    final boolean multiValue;
    final boolean bulkMemory;
    final boolean referenceTypes;
    final boolean extendedConst;
    final boolean tailCall;
    final boolean multiMemory;
    final boolean functionReferences;

    FeatureSet(Set<Feature> set) {
        mutableGlobals = set.contains(Feature.MUTABLE_GLOBALS);
        signExtension = set.contains(Feature.SIGN_EXTENSION);
        saturatingConversions = set.contains(Feature.SATURATING_CONVERSIONS);
        multiValue = set.contains(Feature.MULTI_VALUE);
        bulkMemory = set.contains(Feature.BULK_MEMORY);
        referenceTypes = set.contains(Feature.REFERENCE_TYPES);
        extendedConst = set.contains(Feature.EXTENDED_CONST);
        tailCall = set.contains(Feature.TAIL_CALL);
        multiMemory = set.contains(Feature.MULTI_MEMORY);
        functionReferences = set.contains(Feature.FUNCTION_REFERENCES);
    }
}
