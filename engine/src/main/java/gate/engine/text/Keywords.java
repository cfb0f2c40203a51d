// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Feature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words of the text format beside the instructions in [Mnemonics]: those that give a module its structure, and
/// those of features that aren't built yet, so that a text that needs one is told which.
final class Keywords {
    private static final Set<String> STRUCTURE = Set.of(
            "module",
            "type",
            "func",
            "param",
            "result",
            "local",
            "global",
            "mut",
            "table",
            "memory",
            "elem",
            "data",
            "declare",
            "offset",
            "item",
            "import",
            "export",
            "start",
            "then",
            "ref",
            "null",
            "extern",
            "funcref",
            "externref",
            "i32",
            "i64",
            "f32",
            "f64",
            "nan:canonical",
            "nan:arithmetic",
            "definition",
            "instance",
            "binary",
            "quote");

    private static final Map<String, Feature> UNSUPPORTED = new HashMap<>();

    static {
        vectors();
        relaxedVectors();
        exceptions();
        garbageCollection();
        threads();
    }

    private Keywords() {}

    /// The feature that a word belongs to, if it is one that isn't built yet.
    static @Nullable Feature unsupportedFeature(String word) {
        return UNSUPPORTED.get(word);
    }

    /// Whether the word is part of the language as far as we can write it in binary.
    static boolean isKnown(String word) {
        return STRUCTURE.contains(word)
                || word.startsWith("offset=")
                || word.startsWith("align=")
                || Mnemonics.find(word) != null;
    }

    private static void vectors() {
        add(Feature.SIMD, "", "v128 i8x16 i16x8 i32x4 i64x2 f32x4 f64x2");
        add(Feature.SIMD, "v128.", """
                load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u load8_splat load16_splat
                load32_splat load64_splat load32_zero load64_zero store load8_lane load16_lane load32_lane load64_lane
                store8_lane store16_lane store32_lane store64_lane const not and andnot or xor bitselect any_true""");
        add(Feature.SIMD, "i8x16.", """
                shuffle swizzle splat extract_lane_s extract_lane_u replace_lane eq ne lt_s lt_u gt_s gt_u le_s le_u
                ge_s ge_u abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u shl shr_s shr_u add add_sat_s
                add_sat_u sub sub_sat_s sub_sat_u min_s min_u max_s max_u avgr_u""");
        add(Feature.SIMD, "i16x8.", """
                splat extract_lane_s extract_lane_u replace_lane eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
                extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s
                narrow_i32x4_u extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u shl shr_s
                shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u mul min_s min_u max_s max_u avgr_u
                extmul_low_i8x16_s extmul_high_i8x16_s extmul_low_i8x16_u extmul_high_i8x16_u""");
        add(Feature.SIMD, "i32x4.", """
                splat extract_lane replace_lane eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u extadd_pairwise_i16x8_s
                extadd_pairwise_i16x8_u abs neg all_true bitmask extend_low_i16x8_s extend_high_i16x8_s
                extend_low_i16x8_u extend_high_i16x8_u shl shr_s shr_u add sub mul min_s min_u max_s max_u dot_i16x8_s
                extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u extmul_high_i16x8_u trunc_sat_f32x4_s
                trunc_sat_f32x4_u trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero""");
        add(Feature.SIMD, "i64x2.", """
                splat extract_lane replace_lane eq ne lt_s gt_s le_s ge_s abs neg all_true bitmask extend_low_i32x4_s
                extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u shl shr_s shr_u add sub mul
                extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u""");
        String floats = """
                splat extract_lane replace_lane eq ne lt gt le ge ceil floor trunc nearest abs neg sqrt add sub mul div
                min max pmin pmax""";
        add(Feature.SIMD, "f32x4.", floats);
        add(Feature.SIMD, "f64x2.", floats);
        add(Feature.SIMD, "f32x4.", "convert_i32x4_s convert_i32x4_u demote_f64x2_zero");
        add(Feature.SIMD, "f64x2.", "convert_low_i32x4_s convert_low_i32x4_u promote_low_f32x4");
    }

    private static void relaxedVectors() {
        add(Feature.RELAXED_SIMD, "i8x16.", "relaxed_swizzle relaxed_laneselect");
        add(Feature.RELAXED_SIMD, "i16x8.", "relaxed_laneselect relaxed_q15mulr_s relaxed_dot_i8x16_i7x16_s");
        add(Feature.RELAXED_SIMD, "i32x4.", """
                relaxed_laneselect relaxed_trunc_f32x4_s relaxed_trunc_f32x4_u relaxed_trunc_f64x2_s_zero
                relaxed_trunc_f64x2_u_zero relaxed_dot_i8x16_i7x16_add_s""");
        add(Feature.RELAXED_SIMD, "i64x2.", "relaxed_laneselect");
        add(Feature.RELAXED_SIMD, "f32x4.", "relaxed_madd relaxed_nmadd relaxed_min relaxed_max");
        add(Feature.RELAXED_SIMD, "f64x2.", "relaxed_madd relaxed_nmadd relaxed_min relaxed_max");
    }

    private static void exceptions() {
        add(
                Feature.EXCEPTIONS,
                "",
                "tag exn exnref noexn nullexnref throw throw_ref try_table catch_ref catch_all_ref");
        add(Feature.LEGACY_EXCEPTIONS, "", "try do catch catch_all delegate rethrow");
    }

    private static void garbageCollection() {
        add(Feature.GC, "", """
                rec sub final struct array field i8 i16 any eq i31 none nofunc noextern anyref eqref i31ref structref
                arrayref nullref nullfuncref nullexternref br_on_cast br_on_cast_fail i31.get_s i31.get_u
                any.convert_extern extern.convert_any""");
        add(Feature.GC, "ref.", "eq test cast i31 array struct");
        add(Feature.GC, "struct.", "new new_default get get_s get_u set");
        add(Feature.GC, "array.", """
                new new_default new_fixed new_data new_elem get get_s get_u set len fill copy init_data init_elem""");
    }

    private static void threads() {
        add(Feature.THREADS, "", "shared atomic.fence");
        add(Feature.THREADS, "memory.atomic.", "notify wait32 wait64");
        add(Feature.THREADS, "i32.atomic.", "load load8_u load16_u store store8 store16");
        add(Feature.THREADS, "i64.atomic.", "load load8_u load16_u load32_u store store8 store16 store32");
        for (String operation : words("add sub and or xor xchg cmpxchg")) {
            add(Feature.THREADS, "i32.atomic.rmw.", operation);
            add(Feature.THREADS, "i64.atomic.rmw.", operation);
            for (String narrow :
                    words("i32.atomic.rmw8 i32.atomic.rmw16 i64.atomic.rmw8 i64.atomic.rmw16 i64.atomic.rmw32")) {
                add(Feature.THREADS, narrow + ".", operation + "_u");
            }
        }
    }

    private static void add(Feature feature, String prefix, String names) {
        for (String name : words(names)) {
            UNSUPPORTED.put(prefix + name, feature);
        }
    }

    private static List<String> words(String names) {
        return List.of(names.strip().split("\\s+"));
    }
}
