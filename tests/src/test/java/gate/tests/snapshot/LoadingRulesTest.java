// SPDX-License-Identifier: Apache-2.0
package gate.tests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.Snapshot;
import gate.tests.equivalence.SavedFile;
import gate.tests.equivalence.WasmBytes;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which sections of a saved program may stand where: reference 7.9. A file is spelled: `T` type and function, `M`
/// memory, `S` gate.snapshot, `E` export, `X` the same in gate.export, `C` code, `B` gate.buffer, `K` gate.stack, `D`
/// data, `?` an unknown custom section.
final class LoadingRulesTest {
    private static final byte[] STACK =
            new WasmBytes().f64(16L << 32).f64(-1).f64(0).toArray();

    private static WasmBytes custom(String name, byte[] content) {
        return new WasmBytes().section(0, new WasmBytes().name(name).bytes(content));
    }

    private static WasmBytes exports() {
        return new WasmBytes()
                .section(7, new WasmBytes().u8(1).name("main").u8(0).u8(0));
    }

    private static WasmBytes section(char letter) {
        WasmBytes out = new WasmBytes();
        return switch (letter) {
            case 'T' ->
                out.section(1, new WasmBytes().bytes(new byte[] {1, 0x60, 0, 0}))
                        .section(3, new WasmBytes().u8(1).u8(0));
            case 'M' -> out.section(5, new WasmBytes().bytes(new byte[] {1, 0, 1}));
            case 'S' -> custom("gate.snapshot", new byte[] {0, 0, 2, 0, 0, 0});
            case 'E' -> exports();
            case 'X' -> custom("gate.export", exports().toArray());
            case 'C' -> out.section(10, new WasmBytes().bytes(new byte[] {1, 2, 0, 0x0B}));
            case 'B' -> custom("gate.buffer", new byte[] {0, 0, 0});
            case 'K' -> custom("gate.stack", STACK);
            case 'D' -> out.section(11, new WasmBytes().bytes(new byte[] {1, 0, 0x41, 7, 0x0B, 1, 9}));
            case '?' -> custom("gate.other", new byte[] {1, 2, 3});
            default -> throw new IllegalArgumentException("section " + letter);
        };
    }

    private static WasmBytes header() {
        return new WasmBytes().f32(0x6D736100).f32(1);
    }

    private static byte[] file(String spelled) {
        WasmBytes out = header();
        spelled.chars().forEach(letter -> out.bytes(section((char) letter)));
        return out.toArray();
    }

    /// The same as if we had saved it; its state is never looked at.
    private static byte[] marked(String spelled) {
        WasmBytes out = header().bytes(custom("gate.saved", new byte[] {1}));
        spelled.chars().forEach(letter -> out.bytes(section((char) letter)));
        return SavedFile.summed(out.bytes(custom("gate.image", new byte[0])).toArray());
    }

    private static void assertRefused(byte[] file, String reason) {
        assertThat(Snapshot.isSnapshot(MemorySegment.ofArray(file))).isTrue();
        assertThatThrownBy(() -> SavedFile.read(file))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageStartingWith(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TMSSECD    | multiple gate.snapshot sections in wasm module
            TMSXCBBD   | multiple gate.buffer sections in wasm module
            TMSXCKKD   | multiple gate.stack sections in wasm module
            TMSXXCKD   | multiple gate.export sections in wasm module
            TMESCD     | gate.snapshot section appears too late in wasm module
            TMECSD     | gate.snapshot section appears too late in wasm module
            TMECDS     | gate.snapshot section appears too late in wasm module
            TMSBECD    | gate.buffer section appears too early in wasm module
            TMSEBCD    | gate.buffer section appears too early in wasm module
            STMBECD    | gate.buffer section appears too early in wasm module
            TMSKXCD    | gate.stack section appears too early in wasm module
            TMSXKCD    | gate.stack section appears too early in wasm module
            TMSXCDK    | gate.stack section appears too late in wasm module
            TMSECDB    | gate.buffer section appears too late in wasm module
            TMSXCKBD   | gate.buffer section appears too late in wasm module
            TMSXCBDK   | gate.stack section appears too late in wasm module
            TMSCXKD    | gate.export section appears too late in wasm module
            TMSCDX     | gate.export section appears too late in wasm module
            TMECBD     | gate.buffer section without gate.snapshot section
            TMECKD     | gate.stack section without gate.snapshot section
            TMXCD      | gate.export section without gate.snapshot section
            TMXSCKD    | gate.export section without gate.snapshot section
            KTMSECD    | gate.stack section without gate.snapshot section
            TMSEXCKD   | there are a gate.export and an export section
            TMSXECKD   | there are a gate.export and an export section
            """)
    void whatIsNotInItsPlace(String spelled, String reason) {
        assertRefused(file(spelled), reason);
        assertRefused(marked(spelled), reason);
    }

    @Test
    void markedFileHasToSayHowItStood() {
        assertRefused(marked("TMECD"), "gate.saved section without gate.snapshot section");
    }

    @ParameterizedTest
    @CsvSource({
        "TMSECD",
        "TMSXCKD",
        "TMSXCBKD",
        "TMSECBD",
        "TMSXCD",
        "STMECD",
        "TSMECD",
        "TMSEC",
        "TMS?E?C?B?D?",
        "TMSCKD",
    })
    void whatIsInItsPlace(String spelled) throws CorruptSnapshotException {
        Snapshot snapshot = SavedFile.read(file(spelled));
        assertThat(snapshot.isOriginals()).isTrue();
        assertThat(snapshot.originalStackBytes()).isEqualTo(spelled.contains("K") ? STACK.length : 0);
        assertThat(snapshot.hidesExports()).isEqualTo(spelled.contains("X"));
        assertThat(snapshot.isUncallable()).isEqualTo(spelled.contains("X") && !spelled.contains("K"));
    }

    @Test
    void moduleWithoutTheseSectionsIsNoSavedProgram() {
        byte[] plain = file("TM?ECD");
        assertThat(Snapshot.isSnapshot(MemorySegment.ofArray(plain))).isFalse();
        assertThatThrownBy(() -> SavedFile.read(plain)).hasMessageStartingWith("not a saved program");
    }

    // ---- what they hold ----

    /// A file with this section where its letter stands.
    private static byte[] with(String spelled, char letter, WasmBytes other) {
        WasmBytes out = header();
        spelled.chars().forEach(c -> out.bytes(c == letter ? other : section((char) c)));
        return out.toArray();
    }

    /// Something else than one whole export section.
    @ParameterizedTest
    @CsvSource({
        "''",
        "07",
        "0700",
        "010460000000",
        "0a040102000b",
        "0707 01046d61696e0000",
        "0709 01046d61696e0000",
        "0708 01046d61696e0000 00",
        "0708 01046d61696e0000 0701 00",
        "0008 01046d61696e0000",
    })
    void hiddenExportsAreOneSection(String hex) {
        byte[] content = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] file = with("TMSXCKD", 'X', custom("gate.export", content));
        assertThat(Snapshot.isSnapshot(MemorySegment.ofArray(file))).isTrue();
        assertThatThrownBy(() -> SavedFile.read(file))
                .isInstanceOfAny(CorruptSnapshotException.class, gate.engine.wasm.ModuleException.class);
    }

    /// What is wrapped is validated as if it weren't.
    @Test
    void hiddenExportsHaveToBeValid() {
        WasmBytes missing = new WasmBytes()
                .section(7, new WasmBytes().u8(1).name("main").u8(0).u8(5));
        byte[] file = with("TMSXCKD", 'X', custom("gate.export", missing.toArray()));
        assertThatThrownBy(() -> SavedFile.read(file)).isInstanceOf(gate.engine.wasm.InvalidModuleException.class);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "7", "9", "23", "25"})
    void stackIsMadeOfWholeWords(int bytes) {
        byte[] file = with("TMSXCKD", 'K', custom("gate.stack", java.util.Arrays.copyOf(STACK, bytes)));
        assertRefused(file, "gate.stack section has " + bytes + " bytes, which are no whole words");
    }

    @Test
    void stackHasALimit() {
        byte[] most = new byte[ProgramState.ORIGINAL_STACK_BYTES_MAX];
        assertThatThrownBy(() -> SavedFile.read(with("TMSXCKD", 'K', custom("gate.stack", most))))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageNotContaining("too large");
        byte[] more = new byte[ProgramState.ORIGINAL_STACK_BYTES_MAX + 8];
        assertRefused(with("TMSXCKD", 'K', custom("gate.stack", more)), "gate.stack section is too large");
    }

    // ---- names ----

    /// Numbers may have more bytes than they need.
    @ParameterizedTest
    @CsvSource({"gate.snapshot, S", "gate.stack, K", "gate.buffer, B", "gate.export, X"})
    void lengthOfANameMayBeWrittenWithMoreBytes(String name, char letter) throws CorruptSnapshotException {
        String spelled = "TMSXCBKD";
        byte[] shortest = section(letter).toArray();
        int head = 2 + 1 + name.length();
        byte[] content = java.util.Arrays.copyOfRange(shortest, head, shortest.length);
        WasmBytes body = new WasmBytes()
                .u8(name.length() | 0x80)
                .u8(0x80)
                .u8(0)
                .bytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .bytes(content);
        WasmBytes longer = new WasmBytes().section(0, body);
        byte[] alone = header().bytes(longer).toArray();
        assertThat(Snapshot.isSnapshot(MemorySegment.ofArray(alone))).isTrue();
        Snapshot snapshot = SavedFile.read(with(spelled, letter, longer));
        assertThat(snapshot.originalStackBytes()).isEqualTo(STACK.length);
        assertThat(snapshot.hidesExports()).isTrue();
        byte[] twice = with(
                spelled.replace("D", ""), letter, new WasmBytes().bytes(longer).bytes(longer));
        assertThatThrownBy(() -> SavedFile.read(twice)).hasMessageStartingWith("multiple " + name);
    }
}
