// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.wasm.ValueType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes the binary format: core specification 5.
public final class WasmBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public WasmBytes u8(int value) {
        out.write(value);
        return this;
    }

    public WasmBytes u32(int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return this;
    }

    public WasmBytes s64(long value) {
        long rest = value;
        while (rest < -64 || rest >= 64) {
            out.write((int) rest & 0x7F | 0x80);
            rest >>= 7;
        }
        out.write((int) rest & 0x7F);
        return this;
    }

    public WasmBytes f32(int bits) {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(bits >>> shift);
        }
        return this;
    }

    public WasmBytes f64(long bits) {
        return f32((int) bits).f32((int) (bits >>> 32));
    }

    public WasmBytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public WasmBytes bytes(WasmBytes other) {
        return bytes(other.toArray());
    }

    public WasmBytes name(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return u32(utf8.length).bytes(utf8);
    }

    /// An opcode as `gate.engine.wasm.Opcode` writes it.
    public WasmBytes opcode(int opcode) {
        if (opcode > 0xFF) {
            return u8(opcode >>> 8).u32(opcode & 0xFF);
        }
        return u8(opcode);
    }

    public WasmBytes section(int id, WasmBytes content) {
        return u8(id).u32(content.size()).bytes(content);
    }

    /// A value type as `gate.engine.wasm.ValueType` keeps it.
    public WasmBytes type(int type) {
        if (!ValueType.isReference(type)) {
            return u8(type);
        }
        if (!ValueType.isConcrete(type)) {
            if (ValueType.isNullable(type)) {
                return u8(ValueType.heap(type));
            }
            return u8(0x64).u8(ValueType.heap(type));
        }
        return u8(ValueType.isNullable(type) ? 0x63 : 0x64).s64(ValueType.typeIndex(type));
    }

    /// The heap type of a reference type.
    public WasmBytes heapType(int type) {
        return ValueType.isConcrete(type) ? s64(ValueType.typeIndex(type)) : u8(ValueType.heap(type));
    }

    public int size() {
        return out.size();
    }

    public byte[] toArray() {
        return out.toByteArray();
    }
}
