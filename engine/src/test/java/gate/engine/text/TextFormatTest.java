// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.wasm.ModuleLimitException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the text becomes in binary. The official suite's modules are checked in the tests module.
final class TextFormatTest {
    private static final String PREAMBLE = "0061736d01000000";

    private static String hex(String text) {
        return HexFormat.of().formatHex(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    @Test
    void emptyTextIsTheEmptyModule() {
        assertThat(hex("")).isEqualTo(PREAMBLE);
        assertThat(hex("(module)")).isEqualTo(PREAMBLE);
        assertThat(hex(";; nothing\n(; at (; all ;) ;) (@note (x) \")\")")).isEqualTo(PREAMBLE);
    }

    @Test
    void functionBecomesTypeFunctionExportAndCode() {
        assertThat(hex("(func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"))
                .isEqualTo(PREAMBLE + "0107" + "01" + "60027f7f017f" // type
                        + "0302" + "0100" // function
                        + "0707" + "01" + "03616464" + "0000" // export
                        + "0a09" + "01" + "07" + "00" + "2000" + "2001" + "6a" + "0b"); // code
    }

    @Test
    void everySectionStandsInItsPlace() {
        String binary = hex("(data \"x\") (elem func 0) (start 0) (export \"m\" (memory 0)) (global i32 (i32.const 7))"
                + "(memory 1) (table 2 funcref) (func (data.drop 0)) (type (func))");
        assertThat(binary)
                .isEqualTo(PREAMBLE + "0104" + "01600000" // type
                        + "0302" + "0100" // function
                        + "0404" + "01700002" // table
                        + "0503" + "010001" // memory
                        + "0606" + "017f0041070b" // global
                        + "0705" + "01016d0200" // export
                        + "0801" + "00" // start
                        + "0905" + "0101000100" // element
                        + "0c01" + "01" // data count
                        + "0a07" + "010500fc09000b" // code
                        + "0b04" + "01010178"); // data
    }

    @Test
    void dataCountIsWrittenOnlyWhereCodeNeedsIt() {
        assertThat(hex("(data \"x\")")).isEqualTo(PREAMBLE + "0b0401010178");
    }

    /// The abbreviation and what it stands for give the same bytes.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(func (export \"f\") (export \"g\")) | (func) (export \"f\" (func 0)) (export \"g\" (func 0))",
                "(func (import \"m\" \"f\") (param i32)) | (import \"m\" \"f\" (func (param i32)))",
                "(memory (import \"m\" \"f\") 1 2) | (import \"m\" \"f\" (memory 1 2))",
                "(table (import \"m\" \"f\") 1 funcref) | (import \"m\" \"f\" (table 1 funcref))",
                "(global (export \"e\") (import \"m\" \"f\") (mut i32)) "
                        + "| (import \"m\" \"f\" (global (mut i32))) (export \"e\" (global 0))",
                "(memory (data \"ab\" \"c\")) | (memory 1 1) (data (memory 0) (offset i32.const 0) \"abc\")",
                "(memory i32 (data)) | (memory 0 0) (data (i32.const 0))",
                "(func) (table funcref (elem 0 0)) | (func) (table 2 2 funcref) (elem (i32.const 0) func 0 0)",
                "(table externref (elem (ref.null extern))) "
                        + "| (table 1 1 externref) (elem (table 0) (i32.const 0) externref (item ref.null extern))",
                "(func) (elem (offset (i32.const 1)) 0) (table 2 funcref) "
                        + "| (func) (elem (table 0) (i32.const 1) func 0) (table 2 funcref)",
                "(elem funcref (ref.null func)) | (elem funcref (item (ref.null func)))",
                "(func (param i32 i64) (param) (param f32)) | (func (param i32) (param i64) (param f32))",
                "(func (local i32 i32) (local i64)) | (func (local i32) (local i32) (local i64))",
                "(memory 1) (func (drop (i32.load (i32.const 0)))) "
                        + "| (memory 1) (func i32.const 0 i32.load 0 offset=0 align=4 drop)",
                "(memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))) "
                        + "| (memory 1) (func i32.const 0 i32.const 1 i32.const 2 memory.fill 0)",
                "(memory 1) (data \"\") (func (memory.init 0 (i32.const 0) (i32.const 1) (i32.const 2))) "
                        + "| (memory 1) (data \"\") (func i32.const 0 i32.const 1 i32.const 2 memory.init 0 0)",
                "(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 1) (i32.const 2))) "
                        + "| (table 1 funcref) (func i32.const 0 i32.const 1 i32.const 2 table.copy 0 0)",
                "(func (if (i32.const 1) (then (nop)) (else (unreachable)))) "
                        + "| (func i32.const 1 if nop else unreachable end)",
                "(func (block (result i32) (i32.const 1)) (drop)) | (func block (result i32) i32.const 1 end drop)",
                "(func (block $a (loop $b (br $a) (br $b) (block $a (br $a) (br $b))))) "
                        + "| (func block loop br 1 br 0 block br 0 br 1 end end end)",
                "(table 1 funcref) (func (call_indirect (i32.const 0))) "
                        + "| (type (func)) (table 1 funcref) (func (type 0) i32.const 0 call_indirect 0 (type 0))",
                "(func (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)))) "
                        + "| (func i32.const 1 i32.const 2 i32.const 3 select (result) (result i32) drop)",
                "(func (call $\"a b\")) (func $\"a\\20b\") | (func call $\"a b\") (func $\"a b\")",
                "(func $a (call $\"a\")) | (func $a (call 0))",
                "(global (ref null func) (ref.null func)) | (global funcref (ref.null func))",
                "(global i32 (i32.const 0xffff_ffff)) | (global i32 (i32.const -1))",
                "(global i64 (i64.const 0xffff_ffff_ffff_ffff)) | (global i64 (i64.const -1))",
                "(global f64 (f64.const 0x1.8p1)) | (global f64 (f64.const 3))",
                "(data \"\\t\\n\\r\\\"\\'\\\\\\u{1F600}\\00\") | (data \"\\09\\0a\\0d\\22\\27\\5c\\f0\\9f\\98\\80\\00\")",
            })
    void abbreviationsAreExpanded(String abbreviation, String expanded) {
        assertThat(hex(abbreviation)).isEqualTo(hex(expanded));
    }

    @Test
    void typesThatUsesImplyComeAfterThoseWritten() {
        String implied = hex("(func (param i64)) (func (param i32)) (func (param i64)) (type (func (param i32)))");
        assertThat(implied).startsWith(PREAMBLE + "0109" + "02" + "60017f00" + "60017e00" + "0304" + "03" + "010001");
    }

    @Test
    void typedFunctionReferencesAreWritten() {
        String binary = hex("(type $t (func)) (table 1 (ref $t) (ref.func $f)) (func $f (type $t))"
                + "(func (param (ref null $t)) (call_ref $t (ref.as_non_null (local.get 0)))"
                + "(block (br_on_null 0 (local.get 0)) drop) (return_call_ref $t (local.get 0)))");
        assertThat(binary)
                .startsWith(PREAMBLE + "0109" + "02" + "600000" + "6001630000") // types
                .contains("040a" + "01" + "4000" + "6400" + "0001" + "d2000b") // table
                .contains("2000d41400" + "0240" + "2000d500" + "1a0b" + "2000" + "1500" + "0b"); // code
    }

    @Test
    void memoriesAndTablesBeyondTheFirstAreWrittenInTheInstruction() {
        String binary = hex("(memory $a 1) (memory $b 1) (func (drop (i64.load8_u $b offset=300 (i32.const 0)))"
                + "(memory.copy $a $b (i32.const 0) (i32.const 0) (i32.const 0)) (drop (memory.size $b)))");
        assertThat(binary)
                .contains("4100" + "31" + "40" + "01" + "ac02" + "1a")
                .contains("fc0a0001")
                .contains("3f011a");
    }

    @Test
    void identifiersBecomeNames() {
        String binary =
                hex("(module $m (type $t (func)) (import \"\" \"\" (func $i)) (func $f (param i32) (param $p i32)"
                        + "(local $l i64)) (memory $y 0) (global $g i32 (i32.const 0)))");
        String names = "046e616d65" // name
                + "0002016d" // module
                + "0107" + "02" + "000169" + "010166" // functions
                + "0209" + "01" + "01" + "02" + "010170" + "02016c" // locals
                + "0404" + "01" + "000174" // types
                + "0604" + "01" + "000179" // memories
                + "0704" + "01" + "000167"; // globals
        assertThat(binary).endsWith("002f" + names);
    }

    @Test
    void textWithoutIdentifiersHasNoNameSection() {
        assertThat(hex("(module (func) (memory 1))")).doesNotContain("6e616d65");
    }

    @Test
    void deepNestingNeedsNoJavaStack() throws InterruptedException {
        int depth = 200_000;
        String text = "(func " + "(block ".repeat(depth) + ")".repeat(depth) + ")"
                + "(func (result i32) " + "(i32.eqz ".repeat(depth) + "(i32.const 0)" + ")".repeat(depth) + ")"
                + "(func " + "(if (i32.const 0) (then ".repeat(depth) + "))".repeat(depth) + ")"
                + "(@note " + "(".repeat(depth) + ")".repeat(depth) + ")"
                + "(;".repeat(depth) + ";)".repeat(depth);
        int[] length = {0};
        Thread thread = new Thread(
                null,
                () -> length[0] = TextFormat.toBinary(text, TextLimits.defaults()).length,
                "small stack",
                64 << 10);
        thread.start();
        thread.join();
        // A block takes 3 bytes, i32.eqz 1, an if with its condition 5.
        assertThat(length[0]).isBetween(9 * depth, 9 * depth + 200);
    }

    @Test
    void textLongerThanTheLimitIsRefused() {
        TextLimits limits = new TextLimits(10);
        assertThat(TextFormat.toBinary(" (module) ", limits)).hasSize(8);
        assertThatThrownBy(() -> TextFormat.toBinary(" (module)  ", limits))
                .isInstanceOf(ModuleLimitException.class)
                .hasMessageContaining("textBytesMax is 10, the module asks for 11");
        assertThatThrownBy(() -> TextFormat.toBinary(";; ééééé", limits))
                .isInstanceOf(ModuleLimitException.class)
                .hasMessageContaining("asks for 13");
    }

    @Test
    void defaultLimitIsSixtyFourMebibytes() {
        assertThat(TextLimits.defaults()).isEqualTo(new TextLimits(64 * 1024 * 1024));
    }
}
