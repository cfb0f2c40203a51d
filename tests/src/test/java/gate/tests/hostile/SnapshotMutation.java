// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import gate.tests.equivalence.SavedFile;
import gate.tests.equivalence.WasmBytes;
import gate.tests.fuzz.Mutation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Forges saved programs: fields of the container, whole sections, or bytes anywhere. The checksum is made right again
/// nearly always, so that what reads the rest is reached.
final class SnapshotMutation {
    private static final String[] NAMES = {
        "gate.saved",
        "gate.snapshot",
        "gate.export",
        "gate.buffer",
        "gate.stack",
        "gate.image",
        "gate.host",
        "gate.memory",
        "gate.checksum",
        "gate.other",
        "name"
    };
    private static final String[] SERVICES = {
        "origin", "scope", "random", "identity", "catalog", "internal/test", "nothing", "o", "originorigin"
    };
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        8,
        63,
        64,
        100,
        101,
        127,
        128,
        255,
        256,
        257,
        1000,
        1001,
        1002,
        65_535,
        65_536,
        65_537,
        1 << 20,
        (1 << 24) + 1,
        (64 << 20) + 1,
        Integer.MAX_VALUE - 1L,
        Integer.MAX_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -64,
        -65,
        Integer.MIN_VALUE
    };

    private final SplittableRandom random;
    private final Mutation blind;

    SnapshotMutation(SplittableRandom random) {
        this.random = random;
        this.blind = new Mutation(random);
    }

    /// @param other a file from which pieces are taken
    byte[] forge(byte[] file, byte[] other) {
        if (random.nextInt(6) == 0) {
            byte[] damaged = blind.damage(file, other);
            return random.nextInt(10) == 0 ? damaged : SavedFile.summed(damaged);
        }
        List<FileParts.Part> parts = FileParts.of(file);
        for (int i = 1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0); i > 0 && !parts.isEmpty(); i--) {
            change(parts, FileParts.of(other));
        }
        boolean original = !FileParts.has(parts, "gate.saved") && random.nextInt(10) > 0;
        byte[] joined = FileParts.join(parts);
        return original ? joined : SavedFile.summed(joined);
    }

    // ---- sections ----

    private void change(List<FileParts.Part> parts, List<FileParts.Part> others) {
        int at = random.nextInt(3) == 0 ? random.nextInt(parts.size()) : oneOfGates(parts);
        FileParts.Part part = parts.get(at);
        switch (random.nextInt(20)) {
            case 0 -> parts.remove(at);
            case 1 -> parts.add(random.nextInt(parts.size() + 1), part);
            case 2 -> Collections.swap(parts, at, random.nextInt(parts.size()));
            case 3 -> parts.set(at, new FileParts.Part(0, NAMES[random.nextInt(NAMES.length)], part.content()));
            case 4 -> parts.add(random.nextInt(parts.size() + 1), new FileParts.Part(0, "gate.memory", contents()));
            case 5 -> swapIn(parts, part, others);
            default -> parts.set(at, part.withContent(forged(part)));
        }
    }

    private int oneOfGates(List<FileParts.Part> parts) {
        List<Integer> gates = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isGates()) {
                gates.add(i);
            }
        }
        return gates.isEmpty() ? random.nextInt(parts.size()) : gates.get(random.nextInt(gates.size()));
    }

    /// Puts the section of the same name of another program in place.
    private void swapIn(List<FileParts.Part> parts, FileParts.Part part, List<FileParts.Part> others) {
        for (FileParts.Part other : others) {
            if (other.id() == part.id() && other.name().equals(part.name())) {
                parts.set(parts.indexOf(part), other);
                return;
            }
        }
    }

    private byte[] contents() {
        WasmBytes out = number(new WasmBytes(), random.nextInt(3));
        for (int i = random.nextInt(4); i > 0; i--) {
            int bytes = random.nextInt(5);
            number(out, random.nextInt(70_000));
            (random.nextInt(4) == 0 ? number(out, bytes) : out.u32(bytes)).bytes(new byte[bytes]);
        }
        return out.toArray();
    }

    private byte[] forged(FileParts.Part part) {
        if (random.nextInt(8) == 0) {
            byte[] content = part.content();
            int from = content.length == 0 ? 0 : random.nextInt(content.length);
            return random.nextBoolean()
                    ? Arrays.copyOf(content, from)
                    : Arrays.copyOf(content, content.length + 1 + random.nextInt(10));
        }
        return switch (part.name()) {
            case "gate.stack" -> words(part.content());
            case "gate.buffer" -> random.nextInt(4) == 0 ? numbers(part.content()) : buffers(part.content());
            default -> numbers(part.content());
        };
    }

    // ---- numbers ----

    /// Takes content for LEB128 numbers, which most of it is, and forges one: near the beginning, where counts are, or
    /// anywhere.
    private byte[] numbers(byte[] content) {
        if (content.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextBoolean() ? random.nextInt(Math.min(content.length, 16)) : random.nextInt(content.length);
        while (at > 0 && content[at - 1] < 0) {
            at--; // to the number's beginning
        }
        int end = at;
        while (end < content.length - 1 && content[end] < 0) {
            end++;
        }
        WasmBytes out = new WasmBytes().bytes(Arrays.copyOf(content, at));
        switch (random.nextInt(8)) {
            case 0 -> {}
            case 1 ->
                out.bytes(Arrays.copyOfRange(content, at, end + 1)).bytes(Arrays.copyOfRange(content, at, end + 1));
            case 2 -> out.u8(content[end] | 0x80).u8(0);
            default -> number(out, content[at] & 0x7F);
        }
        return out.bytes(Arrays.copyOfRange(content, end + 1, content.length)).toArray();
    }

    private byte[] flipped(byte[] content) {
        byte[] changed = content.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private WasmBytes number(WasmBytes out, long now) {
        long value = switch (random.nextInt(4)) {
            case 0 -> now + random.nextInt(-2, 3);
            case 1 -> random.nextInt(200);
            default -> NUMBERS[random.nextInt(NUMBERS.length)];
        };
        if (random.nextBoolean()) {
            return out.s64(value);
        }
        long rest = value;
        while (rest >>> 7 != 0) {
            out.u8((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        return out.u8((int) rest);
    }

    // ---- gate.stack ----

    private byte[] words(byte[] content) {
        int count = content.length / Long.BYTES;
        if (count == 0 || random.nextInt(10) == 0) {
            return flipped(content);
        }
        List<Long> words = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            words.add(in.getLong());
        }
        int at = random.nextInt(count);
        long word = words.get(at);
        switch (random.nextInt(9)) {
            case 0 -> words.remove(at);
            case 1 -> words.add(at, words.get(random.nextInt(count)));
            case 2 -> Collections.swap(words, at, random.nextInt(count));
            case 3 -> words.set(at, word + random.nextInt(-3, 4)); // another call site
            case 4 -> words.set(at, word + ((long) random.nextInt(-3, 4) << 35)); // a frame of another size
            case 5 -> words.set(at, word ^ 1L << random.nextInt(64));
            case 6 -> words.set(at, NUMBERS[random.nextInt(NUMBERS.length)]);
            case 7 ->
                words.addAll(
                        at,
                        words.subList(at, Math.min(count, at + 1 + random.nextInt(4))).stream()
                                .toList());
            default -> words.set(at, (long) random.nextInt(30) | (long) random.nextInt(8) << 35);
        }
        ByteBuffer out = ByteBuffer.allocate(words.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        words.forEach(out::putLong);
        return out.array();
    }

    // ---- gate.buffer ----

    private byte[] buffers(byte[] content) {
        BufferParts parts = BufferParts.of(content);
        int at = parts.names.isEmpty() ? -1 : random.nextInt(parts.names.size());
        switch (random.nextInt(9)) {
            case 0 -> parts.input = packets(parts.input);
            case 1 -> parts.output = packets(parts.output);
            case 2 -> {
                parts.names.add(SERVICES[random.nextInt(SERVICES.length)]);
                parts.states.add(parts.states.isEmpty() ? new byte[0] : parts.states.getLast());
            }
            case 3 -> {
                if (at >= 0) {
                    parts.names.set(at, SERVICES[random.nextInt(SERVICES.length)]);
                }
            }
            case 4 -> {
                if (at >= 0) {
                    parts.names.remove(at);
                    parts.states.remove(at);
                }
            }
            case 5 -> parts.output = BufferParts.joined(parts.output, hostilePacket());
            default -> {
                if (at >= 0) {
                    parts.states.set(at, numbers(parts.states.get(at)));
                }
            }
        }
        byte[] joined = parts.toArray();
        return random.nextInt(8) == 0 ? numbers(joined) : joined;
    }

    private byte[] packets(byte[] bytes) {
        return random.nextBoolean() ? flipped(bytes) : BufferParts.joined(bytes, hostilePacket());
    }

    private byte[] hostilePacket() {
        int size = random.nextInt(5) == 0 ? random.nextInt() : 8 + 8 * random.nextInt(3);
        int length = 8 + random.nextInt(20);
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(size)
                .putShort((short) random.nextInt(-2, 6))
                .put((byte) random.nextInt(5))
                .put((byte) 0);
        while (out.hasRemaining()) {
            out.put((byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(3)));
        }
        return out.array();
    }
}
