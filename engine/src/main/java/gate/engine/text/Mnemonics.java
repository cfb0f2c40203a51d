// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every instruction we can write in binary, by its name in the text format. A new proposal adds its lines here, and
/// takes them out of [Keywords].
///
/// Core specification, 5.4 "Instructions" and the index of instructions in the appendix.
final class Mnemonics {
    private static final int PREFIX_MISCELLANEOUS = 0xFC;

    private static final Map<String, Mnemonic> BY_NAME = new HashMap<>();

    static {
        control();
        referencesAndVariables();
        memory();
        constantsAndComparisons();
        arithmetic();
        conversions();
        bulk();
    }

    private Mnemonics() {}

    static @Nullable Mnemonic find(String name) {
        return BY_NAME.get(name);
    }

    /// Names by opcode, with the prefix before it where there is one.
    static Map<Integer, String> names() {
        Map<Integer, String> names = new HashMap<>();
        for (Mnemonic mnemonic : BY_NAME.values()) {
            int prefix = mnemonic.prefix() == Mnemonic.NO_PREFIX ? 0 : mnemonic.prefix() << 8;
            names.putIfAbsent(prefix | mnemonic.opcode(), mnemonic.name());
        }
        return names;
    }

    private static void control() {
        plain(0x00, "unreachable", "nop");
        add(0x02, Immediate.BLOCK, "block", "loop");
        add(0x04, Immediate.IF, "if");
        add(0x05, Immediate.ELSE, "else");
        add(0x0B, Immediate.END, "end");
        add(0x0C, Immediate.LABEL, "br", "br_if");
        add(0x0E, Immediate.LABELS, "br_table");
        plain(0x0F, "return");
        add(0x10, Immediate.FUNCTION, "call");
        add(0x11, Immediate.CALL_INDIRECT, "call_indirect");
        add(0x12, Immediate.FUNCTION, "return_call");
        add(0x13, Immediate.CALL_INDIRECT, "return_call_indirect");
        add(0x14, Immediate.TYPE, "call_ref", "return_call_ref");
        plain(0x1A, "drop");
        add(0x1B, Immediate.SELECT, "select");
        add(0xD5, Immediate.LABEL, "br_on_null", "br_on_non_null");
    }

    private static void referencesAndVariables() {
        add(0x20, Immediate.LOCAL, "local.get", "local.set", "local.tee");
        add(0x23, Immediate.GLOBAL, "global.get", "global.set");
        add(0x25, Immediate.TABLE, "table.get", "table.set");
        add(0xD0, Immediate.HEAP_TYPE, "ref.null");
        plain(0xD1, "ref.is_null");
        add(0xD2, Immediate.FUNCTION, "ref.func");
        plain(0xD4, "ref.as_non_null");
    }

    private static void memory() {
        access(0x28, 2, "i32.load");
        access(0x29, 3, "i64.load");
        access(0x2A, 2, "f32.load");
        access(0x2B, 3, "f64.load");
        access(0x2C, 0, "i32.load8_s", "i32.load8_u");
        access(0x2E, 1, "i32.load16_s", "i32.load16_u");
        access(0x30, 0, "i64.load8_s", "i64.load8_u");
        access(0x32, 1, "i64.load16_s", "i64.load16_u");
        access(0x34, 2, "i64.load32_s", "i64.load32_u");
        access(0x36, 2, "i32.store");
        access(0x37, 3, "i64.store");
        access(0x38, 2, "f32.store");
        access(0x39, 3, "f64.store");
        access(0x3A, 0, "i32.store8");
        access(0x3B, 1, "i32.store16");
        access(0x3C, 0, "i64.store8");
        access(0x3D, 1, "i64.store16");
        access(0x3E, 2, "i64.store32");
        add(0x3F, Immediate.MEMORY, "memory.size", "memory.grow");
    }

    private static void constantsAndComparisons() {
        add(0x41, Immediate.I32, "i32.const");
        add(0x42, Immediate.I64, "i64.const");
        add(0x43, Immediate.F32, "f32.const");
        add(0x44, Immediate.F64, "f64.const");
        plain(0x45, "i32.eqz");
        plain(0x46, "i32.eq", "i32.ne", "i32.lt_s", "i32.lt_u", "i32.gt_s");
        plain(0x4B, "i32.gt_u", "i32.le_s", "i32.le_u", "i32.ge_s", "i32.ge_u");
        plain(0x50, "i64.eqz");
        plain(0x51, "i64.eq", "i64.ne", "i64.lt_s", "i64.lt_u", "i64.gt_s");
        plain(0x56, "i64.gt_u", "i64.le_s", "i64.le_u", "i64.ge_s", "i64.ge_u");
        plain(0x5B, "f32.eq", "f32.ne", "f32.lt", "f32.gt", "f32.le", "f32.ge");
        plain(0x61, "f64.eq", "f64.ne", "f64.lt", "f64.gt", "f64.le", "f64.ge");
    }

    private static void arithmetic() {
        plain(0x67, "i32.clz", "i32.ctz", "i32.popcnt");
        plain(0x6A, "i32.add", "i32.sub", "i32.mul", "i32.div_s", "i32.div_u", "i32.rem_s", "i32.rem_u");
        plain(0x71, "i32.and", "i32.or", "i32.xor", "i32.shl", "i32.shr_s", "i32.shr_u", "i32.rotl", "i32.rotr");
        plain(0x79, "i64.clz", "i64.ctz", "i64.popcnt");
        plain(0x7C, "i64.add", "i64.sub", "i64.mul", "i64.div_s", "i64.div_u", "i64.rem_s", "i64.rem_u");
        plain(0x83, "i64.and", "i64.or", "i64.xor", "i64.shl", "i64.shr_s", "i64.shr_u", "i64.rotl", "i64.rotr");
        plain(0x8B, "f32.abs", "f32.neg", "f32.ceil", "f32.floor", "f32.trunc", "f32.nearest", "f32.sqrt");
        plain(0x92, "f32.add", "f32.sub", "f32.mul", "f32.div", "f32.min", "f32.max", "f32.copysign");
        plain(0x99, "f64.abs", "f64.neg", "f64.ceil", "f64.floor", "f64.trunc", "f64.nearest", "f64.sqrt");
        plain(0xA0, "f64.add", "f64.sub", "f64.mul", "f64.div", "f64.min", "f64.max", "f64.copysign");
    }

    private static void conversions() {
        plain(0xA7, "i32.wrap_i64");
        plain(0xA8, "i32.trunc_f32_s", "i32.trunc_f32_u", "i32.trunc_f64_s", "i32.trunc_f64_u");
        plain(0xAC, "i64.extend_i32_s", "i64.extend_i32_u");
        plain(0xAE, "i64.trunc_f32_s", "i64.trunc_f32_u", "i64.trunc_f64_s", "i64.trunc_f64_u");
        plain(0xB2, "f32.convert_i32_s", "f32.convert_i32_u", "f32.convert_i64_s", "f32.convert_i64_u");
        plain(0xB6, "f32.demote_f64");
        plain(0xB7, "f64.convert_i32_s", "f64.convert_i32_u", "f64.convert_i64_s", "f64.convert_i64_u");
        plain(0xBB, "f64.promote_f32");
        plain(0xBC, "i32.reinterpret_f32", "i64.reinterpret_f64", "f32.reinterpret_i32", "f64.reinterpret_i64");
        plain(0xC0, "i32.extend8_s", "i32.extend16_s");
        plain(0xC2, "i64.extend8_s", "i64.extend16_s", "i64.extend32_s");
        bulk(0, Immediate.NONE, "i32.trunc_sat_f32_s", "i32.trunc_sat_f32_u");
        bulk(2, Immediate.NONE, "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u");
        bulk(4, Immediate.NONE, "i64.trunc_sat_f32_s", "i64.trunc_sat_f32_u");
        bulk(6, Immediate.NONE, "i64.trunc_sat_f64_s", "i64.trunc_sat_f64_u");
    }

    private static void bulk() {
        bulk(8, Immediate.MEMORY_AND_DATA, "memory.init");
        bulk(9, Immediate.DATA, "data.drop");
        bulk(10, Immediate.MEMORY_PAIR, "memory.copy");
        bulk(11, Immediate.MEMORY, "memory.fill");
        bulk(12, Immediate.TABLE_AND_ELEMENT, "table.init");
        bulk(13, Immediate.ELEMENT, "elem.drop");
        bulk(14, Immediate.TABLE_PAIR, "table.copy");
        bulk(15, Immediate.TABLE, "table.grow", "table.size", "table.fill");
    }

    /// Instructions with successive opcodes and no immediates.
    private static void plain(int firstOpcode, String... names) {
        add(firstOpcode, Immediate.NONE, names);
    }

    private static void add(int firstOpcode, Immediate immediate, String... names) {
        put(Mnemonic.NO_PREFIX, firstOpcode, immediate, 0, names);
    }

    private static void access(int firstOpcode, int alignment, String... names) {
        put(Mnemonic.NO_PREFIX, firstOpcode, Immediate.MEMORY_ACCESS, alignment, names);
    }

    private static void bulk(int firstOpcode, Immediate immediate, String... names) {
        put(PREFIX_MISCELLANEOUS, firstOpcode, immediate, 0, names);
    }

    private static void put(int prefix, int firstOpcode, Immediate immediate, int alignment, String... names) {
        int opcode = firstOpcode;
        for (String name : names) {
            BY_NAME.put(name, new Mnemonic(name, prefix, opcode++, immediate, alignment));
        }
    }
}
