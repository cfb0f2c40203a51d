// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.UnsupportedFeatureException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A policy switches each feature off by itself.
final class FeaturesTest {
    /// A module that needs a feature, and no other but those.
    record Case(Feature feature, String text, Set<Feature> others) {
        @Override
        public String toString() {
            return feature.label() + ": " + text;
        }
    }

    private static Case needs(Feature feature, String text, Feature... others) {
        return new Case(feature, text, Set.of(others));
    }

    private static final String F = "(type $f (func))";

    static List<Case> cases() {
        return List.of(
                needs(Feature.MUTABLE_GLOBALS, "(global (export \"g\") (mut i32) (i32.const 0))"),
                needs(Feature.MUTABLE_GLOBALS, "(import \"\" \"g\" (global (mut i32)))"),
                needs(Feature.SIGN_EXTENSION, "(func (drop (i32.extend8_s (i32.const 0))))"),
                needs(Feature.SIGN_EXTENSION, "(func (drop (i64.extend32_s (i64.const 0))))"),
                needs(Feature.SATURATING_CONVERSIONS, "(func (drop (i32.trunc_sat_f32_s (f32.const 0))))"),
                needs(Feature.SATURATING_CONVERSIONS, "(func (drop (i64.trunc_sat_f64_u (f64.const 0))))"),
                needs(Feature.MULTI_VALUE, "(type (func (result i32 i32)))"),
                needs(Feature.MULTI_VALUE, "(func i32.const 0 (block (param i32) drop))"),
                needs(Feature.MULTI_VALUE, "(func (block (type $f)))" + F),
                needs(Feature.BULK_MEMORY, "(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))"),
                needs(Feature.BULK_MEMORY, "(memory 1) (func (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)))"),
                needs(
                        Feature.BULK_MEMORY,
                        "(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0)))"),
                needs(Feature.BULK_MEMORY, "(data \"passive\")"),
                needs(Feature.BULK_MEMORY, "(elem func)"),
                needs(Feature.REFERENCE_TYPES, "(func (param externref))"),
                needs(Feature.REFERENCE_TYPES, "(func (local funcref))"),
                needs(Feature.REFERENCE_TYPES, "(table 1 externref)"),
                needs(Feature.REFERENCE_TYPES, "(table 1 funcref) (table 1 funcref)"),
                needs(Feature.REFERENCE_TYPES, "(func (drop (ref.null func)))"),
                needs(Feature.REFERENCE_TYPES, "(global funcref (ref.null func))"),
                needs(Feature.REFERENCE_TYPES, "(table 1 funcref) (func (drop (table.size 0)))"),
                needs(Feature.REFERENCE_TYPES, "(table 1 funcref) (func (drop (table.get 0 (i32.const 0))))"),
                needs(
                        Feature.REFERENCE_TYPES,
                        "(func (drop (select (result i32) (i32.const 0) (i32.const 0) (i32.const 0))))"),
                needs(Feature.EXTENDED_CONST, "(global i32 (i32.add (i32.const 1) (i32.const 2)))"),
                needs(Feature.EXTENDED_CONST, "(global i64 (i64.mul (i64.const 1) (i64.const 2)))"),
                needs(Feature.TAIL_CALL, "(func $f (return_call $f))"),
                needs(Feature.TAIL_CALL, F + "(table 1 funcref) (func (return_call_indirect (type $f) (i32.const 0)))"),
                needs(
                        Feature.TAIL_CALL,
                        F + "(func (return_call_ref $f (ref.null $f)))",
                        Feature.REFERENCE_TYPES,
                        Feature.FUNCTION_REFERENCES),
                needs(Feature.MULTI_MEMORY, "(memory 1) (memory 1)"),
                needs(Feature.MULTI_MEMORY, "(import \"\" \"m\" (memory 1)) (memory 1) (func (drop (memory.size 1)))"),
                needs(Feature.FUNCTION_REFERENCES, "(func (param (ref func)))"),
                needs(Feature.FUNCTION_REFERENCES, F + "(func (param (ref null $f)))", Feature.REFERENCE_TYPES),
                needs(Feature.FUNCTION_REFERENCES, F + "(func (call_ref $f (ref.null $f)))", Feature.REFERENCE_TYPES),
                needs(
                        Feature.FUNCTION_REFERENCES,
                        "(func (drop (ref.as_non_null (ref.null func))))",
                        Feature.REFERENCE_TYPES),
                needs(
                        Feature.FUNCTION_REFERENCES,
                        "(func (drop (block (result funcref) (br_on_null 1 (ref.null func)))))",
                        Feature.REFERENCE_TYPES),
                needs(
                        Feature.FUNCTION_REFERENCES,
                        "(func $f) (elem declare func $f) (table 1 funcref (ref.func $f))",
                        Feature.REFERENCE_TYPES,
                        Feature.BULK_MEMORY));
    }

    @Test
    void everySupportedFeatureHasACaseHere() {
        assertThat(cases().stream().map(Case::feature).collect(Collectors.toSet()))
                .isEqualTo(Feature.allSupported());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aModuleIsRefusedByNameWithoutTheFeatureAndAcceptedWithIt(Case needed) {
        byte[] module = TextFormat.toBinary("(module " + needed.text() + ")", TextLimits.defaults());
        EnumSet<Feature> few = EnumSet.of(needed.feature());
        few.addAll(needed.others());
        assertThatCode(() -> Module.parse(module, Feature.allSupported(), Limits.DEFAULT))
                .doesNotThrowAnyException();
        assertThatCode(() -> Module.parse(module, few, Limits.DEFAULT)).doesNotThrowAnyException();
        EnumSet<Feature> without = EnumSet.copyOf(Feature.allSupported());
        without.remove(needed.feature());
        assertThatThrownBy(() -> Module.parse(module, without, Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        UnsupportedFeatureException.class,
                        refusal -> assertThat(refusal.feature()).isEqualTo(needed.feature()))
                .hasMessageStartingWith(
                        "feature not supported: " + needed.feature().label() + ", used at ");
    }

    @Test
    void withoutAnyFeatureWhatIsVersionOneIsAccepted() {
        String text = "(type (func (param i32) (result i32))) (import \"\" \"f\" (func (type 0)))"
                + "(memory (export \"m\") 1 2) (table (export \"t\") 2 funcref) (global (mut i64) (i64.const 1))"
                + "(elem (i32.const 0) 0 1) (data (i32.const 0) \"x\")"
                + "(func (type 0) (block (result i32) (br_if 0 (local.get 0) (i32.load (i32.const 0))))"
                + " (call_indirect (type 0) (i32.const 1)) (loop) (if (memory.size) (then)) (memory.grow))";
        byte[] module = TextFormat.toBinary("(module " + text + ")", TextLimits.defaults());
        assertThatCode(() -> Module.parse(module, Set.of(), Limits.DEFAULT)).doesNotThrowAnyException();
    }
}
