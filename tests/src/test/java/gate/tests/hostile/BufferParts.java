// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import gate.tests.equivalence.WasmBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The content of `gate.buffer`, to be changed: reference 7.4.
final class BufferParts {
    byte[] input = {};
    byte[] output = {};
    final List<String> names = new ArrayList<>();
    final List<byte[]> states = new ArrayList<>();

    /// Takes content apart; nothing, where it has been made impossible before.
    static BufferParts of(byte[] content) {
        BufferParts parts = new BufferParts();
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            int input = number(in);
            int output = number(in);
            int services = number(in);
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; i < services; i++) {
                parts.names.add(new String(bytes(in, in.get()), StandardCharsets.UTF_8));
                sizes.add(number(in));
            }
            parts.input = bytes(in, input);
            parts.output = bytes(in, output);
            for (int size : sizes) {
                parts.states.add(bytes(in, size));
            }
            return parts;
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
            return new BufferParts();
        }
    }

    private static int number(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = in.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        byte[] bytes = new byte[java.util.Objects.checkFromIndexSize(0, count, in.remaining()) + count];
        in.get(bytes);
        return bytes;
    }

    byte[] toArray() {
        WasmBytes out = new WasmBytes().u32(input.length).u32(output.length).u32(names.size());
        for (int i = 0; i < names.size(); i++) {
            byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
            out.u8(name.length).bytes(name).u32(states.get(i).length);
        }
        out.bytes(input).bytes(output);
        states.forEach(out::bytes);
        return out.toArray();
    }

    static byte[] joined(byte[] first, byte[] second) {
        return new WasmBytes().bytes(first).bytes(second).toArray();
    }
}
