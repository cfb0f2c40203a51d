// SPDX-License-Identifier: Apache-2.0
package gate.tests.debug;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.debug.CodeOffsets;
import gate.engine.debug.DebugInfo;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import gate.tests.equivalence.WasmBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Line programs written by hand: each kind of operation, and what is wrong.
final class HandMadeLinesTest {
    private static final byte[] MODULE = TextFormat.toBinary(
            "(module (func $f (export \"f\") (local i32) " + "(nop)".repeat(60) + "))", TextLimits.defaults());

    /// The first instruction as DWARF counts.
    private static final int FIRST = first();

    private static int first() {
        CodeOffsets code = CodeOffsets.of(Module.parse(MODULE));
        return (int) code.toDwarf(code.firstInstruction(0));
    }

    /// Numbers of one byte.
    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        IntStream.range(0, values.length).forEach(i -> bytes[i] = (byte) values[i]);
        return bytes;
    }

    /// A unit of version 2 with the folder `src` and the files `src/a.c` and `b.c`.
    private static byte[] unit(int lineRange, byte[] program) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(bytes(1, 1, -3, lineRange, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1));
        header.writeBytes("src\0\0a.c\0\1\0\0b.c\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer unit = ByteBuffer.allocate(10 + header.size() + program.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(6 + header.size() + program.length)
                .putShort((short) 2)
                .putInt(header.size())
                .put(header.toByteArray())
                .put(program);
        return unit.array();
    }

    private static DebugInfo info(byte[]... units) {
        WasmBytes section = new WasmBytes().name(".debug_line");
        for (byte[] unit : units) {
            section.bytes(unit);
        }
        return DebugInfo.of(
                Module.parse(new WasmBytes().bytes(MODULE).section(0, section).toArray()));
    }

    private static String at(DebugInfo info, int instruction) {
        return info.lineAt((int) info.code().ofDwarf(FIRST + instruction))
                .map(Object::toString)
                .orElse("");
    }

    private static final byte[] PROGRAM = bytes(
            0,
            5,
            2,
            FIRST,
            0,
            0,
            0, // set_address
            5,
            7, // set_column 7
            1, // copy: line 1
            3,
            4, // advance_line 4
            10 + 12 + 3, // special: address + 1, line + 0: line 5
            2,
            10, // advance_pc 10
            10 + 4, // special: line + 1: line 6 at 11
            4,
            2, // set_file 2
            6, // negate_stmt
            8, // const_add_pc: (255 - 10) / 12 = 20
            1, // copy: b.c, line 6 at 31
            9,
            5,
            0, // fixed_advance_pc 5
            6, // negate_stmt
            3,
            0x7F, // advance_line -1
            1, // copy: line 5 at 36
            2,
            4, // advance_pc
            0,
            1,
            1); // end_sequence at 40

    @Test
    void everyOperationIsRun() {
        DebugInfo info = info(unit(12, PROGRAM));
        assertThat(info.problem()).isEmpty();
        assertThat(at(info, 0)).isEqualTo("src/a.c:1:7");
        assertThat(at(info, 1)).isEqualTo("src/a.c:5:7");
        assertThat(at(info, 10)).isEqualTo("src/a.c:5:7");
        assertThat(at(info, 11)).isEqualTo("src/a.c:6:7");
        assertThat(at(info, 30)).isEqualTo("src/a.c:6:7");
        assertThat(at(info, 31)).isEqualTo("b.c:6:7");
        assertThat(at(info, 36)).isEqualTo("b.c:5:7");
        assertThat(at(info, 39)).isEqualTo("b.c:5:7");
        assertThat(at(info, 40)).isEmpty();
        assertThat(info.lineAt(0)).isEmpty();
        int first = (int) info.code().ofDwarf(FIRST);
        assertThat(info.offsetsOf("a.c", 5)).containsExactly(first + 1);
        assertThat(info.offsetsOf("src/a.c", 6)).containsExactly(first + 11);
        assertThat(info.offsetsOf("b.c", 6)).as("no statement begins there").isEmpty();
        assertThat(info.offsetsOf("rc/a.c", 5)).isEmpty();
        assertThat(info.nextLine("a.c", 1)).hasValue(5);
        assertThat(info.nextLine("a.c", 6)).isEmpty();
        assertThat(info.hasFile("b.c")).isTrue();
        assertThat(info.hasFile("c")).isFalse();
        assertThat(info.statements()).containsExactly(first, first + 1, first + 11, first + 36);
    }

    @Test
    void brokenUnitIsLeftOutAndTheNextIsRead() {
        DebugInfo info = info(unit(0, PROGRAM), unit(12, PROGRAM));
        assertThat(info.problem())
                .hasValueSatisfying(problem ->
                        assertThat(problem).startsWith(".debug_line at 0x").endsWith("a range of no lines"));
        assertThat(at(info, 1)).isEqualTo("src/a.c:5:7");
    }

    @Test
    void addressesThatDescendAreRefused() {
        byte[] down = bytes(0, 5, 2, FIRST + 9, 0, 0, 0, 1, 0, 5, 2, FIRST, 0, 0, 0, 1, 0, 1, 1);
        DebugInfo info = info(unit(12, down));
        assertThat(info.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("don't ascend"));
        assertThat(info.hasNoLines()).isTrue();
    }

    @Test
    void codeThatTheLinkerLeftOutHasNoLines() {
        byte[] dead = bytes(0, 5, 2, -1, -1, -1, -1, 1, 2, 4, 0, 1, 1);
        byte[] atZero = bytes(0, 5, 2, 0, 0, 0, 0, 1, 2, 4, 0, 1, 1);
        DebugInfo info = info(unit(12, dead), unit(12, atZero));
        assertThat(info.problem()).isEmpty();
        assertThat(info.hasNoLines()).isTrue();
    }

    @Test
    void everyCutIsAProblemAndNoException() {
        byte[] whole = unit(12, PROGRAM);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length >= 4) {
                ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length - 4);
            }
            DebugInfo info = info(cut);
            if (length < whole.length - PROGRAM.length) {
                assertThat(info.problem()).as("cut to " + length).isPresent();
            }
            assertThat(info.hasNoLines()).isTrue();
        }
    }

    @Test
    void moduleWithoutDebugInformationHasNone() {
        DebugInfo info = DebugInfo.of(Module.parse(MODULE));
        assertThat(info.isEmpty()).isTrue();
        assertThat(info.problem()).isEmpty();
        assertThat(info.function("f")).hasValue((int) info.code().ofDwarf(FIRST));
        assertThat(info.functionName(0)).hasValue("f");
    }
}
