// SPDX-License-Identifier: Apache-2.0
package gate.tests.fuzz;

import gate.tests.equivalence.WasmBytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Damages modules: bytes anywhere, or sections, with sizes made right again so that the damage is read on.
public final class Mutation {
    private static final int[] BYTES = {0, 1, 2, 0x0B, 0x3F, 0x40, 0x60, 0x63, 0x64, 0x70, 0x7F, 0x80, 0xC0, 0xFC, 0xFF
    };

    private record Part(int id, byte[] content) {}

    private final SplittableRandom random;

    public Mutation(SplittableRandom random) {
        this.random = random;
    }

    /// @param other from which pieces are taken
    public byte[] damage(byte[] module, byte[] other) {
        if (random.nextInt(5) == 0) {
            return bytes(module, other);
        }
        List<Part> parts = parts(module);
        if (parts.isEmpty()) {
            return bytes(module, other);
        }
        int changes = random.nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < changes && !parts.isEmpty(); i++) {
            change(parts, parts(other));
        }
        return join(parts);
    }

    // ---- sections ----

    private static List<Part> parts(byte[] module) {
        List<Part> parts = new ArrayList<>();
        int at = 8;
        while (at < module.length) {
            int id = module[at++];
            long size = 0;
            int shift = 0;
            while (at < module.length && shift < 35) {
                int b = module[at++];
                size |= (long) (b & 0x7F) << shift;
                shift += 7;
                if (b >= 0) {
                    break;
                }
            }
            int end = (int) Math.min(module.length, at + size);
            parts.add(new Part(id, Arrays.copyOfRange(module, at, end)));
            at = end;
        }
        return parts;
    }

    private void change(List<Part> parts, List<Part> others) {
        int at = random.nextInt(parts.size());
        switch (random.nextInt(12)) {
            case 0 -> parts.remove(at);
            case 1 -> parts.add(random.nextInt(parts.size() + 1), parts.get(at));
            case 2 -> Collections.swap(parts, at, random.nextInt(parts.size()));
            case 3 -> {
                if (!others.isEmpty()) {
                    Part part = others.get(random.nextInt(others.size()));
                    parts.set(
                            at,
                            random.nextBoolean() ? part : new Part(parts.get(at).id(), part.content()));
                }
            }
            default -> {
                Part part = parts.get(at);
                byte[] other = others.isEmpty()
                        ? part.content()
                        : others.get(random.nextInt(others.size())).content();
                byte[] content = bytes(part.content(), other);
                parts.set(at, new Part(part.id(), content));
            }
        }
    }

    private static byte[] join(List<Part> parts) {
        WasmBytes out = new WasmBytes().f32(0x6D736100).f32(1);
        for (Part part : parts) {
            out.section(part.id(), new WasmBytes().bytes(part.content()));
        }
        return out.toArray();
    }

    // ---- bytes ----

    private byte[] bytes(byte[] source, byte[] other) {
        byte[] changed = source;
        int changes = 1 + (random.nextInt(3) == 0 ? random.nextInt(6) : 0);
        for (int i = 0; i < changes; i++) {
            changed = oneChange(changed, other);
        }
        return changed;
    }

    private byte[] oneChange(byte[] source, byte[] other) {
        if (source.length == 0) {
            return other.length > 4_096 ? source : other;
        }
        int at = random.nextInt(source.length);
        int end = Math.min(source.length, at + 1 + random.nextInt(8));
        switch (random.nextInt(14)) {
            case 0, 1, 9, 10 -> {
                byte[] changed = source.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                return changed;
            }
            case 2, 3, 11, 12 -> {
                byte[] changed = source.clone();
                changed[at] = (byte) BYTES[random.nextInt(BYTES.length)];
                return changed;
            }
            case 4 -> {
                return Arrays.copyOf(source, at);
            }
            case 5 -> {
                return replaced(source, at, end, new byte[0]);
            }
            case 6 -> {
                int from = other.length == 0 ? 0 : random.nextInt(other.length);
                byte[] piece = Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(40)));
                return replaced(source, at, random.nextBoolean() ? at : end, piece);
            }
            case 7 -> {
                return replaced(source, at, at + 1, number(source[at]));
            }
            default -> {
                return replaced(source, at, at, Arrays.copyOfRange(source, at, end));
            }
        }
    }

    /// A LEB128 number: large, negative, or longer than it need be.
    private byte[] number(byte now) {
        return switch (random.nextInt(9)) {
            case 6, 7 -> new byte[] {(byte) (now | 0x80), (now & 0x40) == 0 ? 0 : (byte) 0x7F};
            case 8 -> new byte[] {(byte) (now | 0x80), 0};
            case 0 -> new WasmBytes().u32(-1).toArray();
            case 1 -> new WasmBytes().u32(1 << random.nextInt(32)).toArray();
            case 2 -> new WasmBytes().u32(random.nextInt(100_000)).toArray();
            case 3 -> new WasmBytes().s64(1L << random.nextInt(64)).toArray();
            case 4 -> new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0};
            default -> new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x7F};
        };
    }

    private static byte[] replaced(byte[] source, int from, int to, byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(source, 0, from);
        out.writeBytes(piece);
        out.write(source, to, source.length - to);
        return out.toByteArray();
    }
}
