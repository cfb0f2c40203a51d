// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What `lanes.wat` is to do, and an account of what it must have done, made without it.
final class Lanes {
    static final int COUNT = 3;
    private static final int BLOCK = 512;

    private Lanes() {}

    /// What the client of a lane sends.
    static byte[] input(long seed, int lane) {
        SplittableRandom random = new SplittableRandom(seed * COUNT + lane);
        byte[] input = new byte[3_000 + random.nextInt(6_000)];
        random.nextBytes(input);
        return input;
    }

    /// What the clients get and the services are told; lines in the groups in which they have an order.
    static Observed expected(long seed) {
        List<byte[]> outputs = new ArrayList<>();
        Map<String, List<String>> calls = new TreeMap<>();
        Map<String, List<String>> log = new TreeMap<>();
        long sum = 0;
        for (int lane = 0; lane < COUNT; lane++) {
            byte[] input = input(seed, lane);
            byte[] keyed = new byte[input.length];
            byte[] output = new byte[input.length];
            long chain = 0;
            for (int begin = 0; begin < input.length; begin += BLOCK) {
                int end = Math.min(begin + BLOCK, input.length);
                int hash = hash(input, begin, end);
                chain = next(chain, lane, hash);
                note(calls, "keys-" + lane + " %02x %08x".formatted(begin / BLOCK, hash));
                note(log, lane + " %02x %016x".formatted(begin / BLOCK, chain));
                for (int i = begin; i < end; i++) {
                    keyed[i] = (byte) (input[i] ^ chain >>> 8 * (i & 7));
                    output[i] = milled(keyed[i], lane, i);
                }
            }
            note(calls, "mill-" + lane + " %d %08x".formatted(keyed.length, hash(keyed, 0, keyed.length)));
            outputs.add(output);
            sum = mix(sum + 0x9e3779b97f4a7c15L + Integer.toUnsignedLong(hash(output, 0, output.length)));
        }
        note(log, "end %016x".formatted(sum));
        return new Observed(outputs, calls, log, (int) (sum & 1));
    }

    static void note(Map<String, List<String>> groups, String line) {
        groups.computeIfAbsent(line.split(" ", 2)[0], word -> new ArrayList<>()).add(line);
    }

    /// The key of a block, from the one before.
    static long next(long chain, int lane, int hash) {
        return mix(chain + Integer.toUnsignedLong(hash) + lane + 0x9e3779b97f4a7c15L);
    }

    static byte milled(byte value, int lane, int position) {
        return (byte) (value + lane + position * 31);
    }

    static int hash(byte[] bytes, int begin, int end) {
        int hash = Hash.EMPTY;
        for (int i = begin; i < end; i++) {
            hash = Hash.with(hash, bytes[i]);
        }
        return hash;
    }

    /// FNV-1a, byte by byte.
    static final class Hash {
        static final int EMPTY = 0x811c9dc5;

        private Hash() {}

        static int with(int hash, byte next) {
            return (hash ^ next & 0xFF) * 0x01000193;
        }
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
