// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Types made to collide in the hash that Java's collections use: finding equal ones must not become quadratic.
class CollidingTypesTest {
    private static final int BLOCK = 12;
    private static final int BLOCKS = 16;
    private static final int[] TYPES = {
        ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64, ValueType.FUNCREF, ValueType.EXTERNREF
    };

    @Test
    @Timeout(value = 40, unit = TimeUnit.SECONDS) // a quadratic search takes many times as long
    void typesWithOneHashAreDecodedInLinearSteps() {
        int[][] pair = collidingBlocks();
        int count = 1 << BLOCKS;
        byte[] types = new byte[count * (4 + BLOCK * BLOCKS)];
        int at = 0;
        for (int type = 0; type < count; type++) {
            types[at++] = 0x60;
            types[at++] = (byte) (BLOCK * BLOCKS | 0x80);
            types[at++] = BLOCK * BLOCKS >> 7;
            for (int block = 0; block < BLOCKS; block++) {
                for (int valueType : pair[type >> block & 1]) {
                    types[at++] = (byte) valueType; // of a reference, the heap type's: the short form
                }
            }
            types[at++] = 0;
        }
        Module module = Module.parse(module(count, types));
        assertThat(module.type(0).parameterCount()).isEqualTo(BLOCK * BLOCKS);
        assertThat(module.type(count - 1).hashCode()).isEqualTo(module.type(0).hashCode());
        assertThat(module.type(count - 1).equals(module.type(0))).isFalse();
    }

    /// Two different rows of types with the same [Arrays#hashCode(int[])].
    private static int[][] collidingBlocks() {
        Map<Integer, int[]> seen = new HashMap<>();
        Random random = new Random(1);
        while (true) {
            int[] row = random.ints(BLOCK, 0, TYPES.length)
                    .map(index -> TYPES[index])
                    .toArray();
            int[] other = seen.putIfAbsent(Arrays.hashCode(row), row);
            if (other != null && !Arrays.equals(row, other)) {
                return new int[][] {row, other};
            }
        }
    }

    private static byte[] module(int count, byte[] types) {
        byte[] head = {0, 'a', 's', 'm', 1, 0, 0, 0, 1};
        byte[] size = unsigned(types.length + unsigned(count).length);
        byte[] all = Arrays.copyOf(head, head.length + size.length + unsigned(count).length + types.length);
        int at = head.length;
        System.arraycopy(size, 0, all, at, size.length);
        at += size.length;
        System.arraycopy(unsigned(count), 0, all, at, unsigned(count).length);
        at += unsigned(count).length;
        System.arraycopy(types, 0, all, at, types.length);
        return all;
    }

    private static byte[] unsigned(int value) {
        byte[] bytes = new byte[5];
        int count = 0;
        int rest = value;
        do {
            bytes[count++] = (byte) (rest & 0x7F | (rest > 0x7F ? 0x80 : 0));
            rest >>>= 7;
        } while (rest != 0);
        return Arrays.copyOf(bytes, count);
    }
}
