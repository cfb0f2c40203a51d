// SPDX-License-Identifier: Apache-2.0
package gate.bench.modules;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A writer of the binary format: core specification 5.
public final class ModuleBytes {
    public static final int I32 = 0x7F;
    public static final int I64 = 0x7E;
    public static final int F64 = 0x7C;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Starts a module.
    static ModuleBytes module() {
        return new ModuleBytes().raw(0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00);
    }

    public int size() {
        return bytes.size();
    }

    public byte[] toArray() {
        return bytes.toByteArray();
    }

    public ModuleBytes raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    public ModuleBytes add(ModuleBytes other) {
        bytes.writeBytes(other.toArray());
        return this;
    }

    /// An unsigned number in LEB128.
    public ModuleBytes unsigned(long value) {
        long rest = value;
        while (rest >= 0x80) {
            bytes.write((int) rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    /// A signed number in LEB128.
    public ModuleBytes signed(long value) {
        long rest = value;
        while (rest < -64 || rest > 63) {
            bytes.write((int) rest & 0x7F | 0x80);
            rest >>= 7;
        }
        bytes.write((int) rest & 0x7F);
        return this;
    }

    public ModuleBytes name(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        unsigned(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    /// Content with its size before it.
    public ModuleBytes sized(ModuleBytes content) {
        return unsigned(content.size()).add(content);
    }

    public ModuleBytes section(int id, ModuleBytes content) {
        return raw(id).sized(content);
    }
}
