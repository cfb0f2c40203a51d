// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.AbiImports;
import gate.engine.abi.BadProgramException;
import gate.engine.wasm.Module;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which imports a program can have, and what is said of others: Gate's reference 1.2.
final class AbiImportsTest {
    private static Module importing(String module, String name, String type) {
        return AbiGuest.parse("(module (import \"" + module + "\" \"" + name + "\" " + type + "))");
    }

    private static void assertRefused(Module module, String text) {
        assertThatThrownBy(() -> AbiImports.check(module))
                .isInstanceOfSatisfying(
                        BadProgramException.class,
                        refusal -> assertThat(refusal.publicText()).isEqualTo(text));
    }

    @Test
    void everyWayToNameAFunctionLeadsToIt() {
        try (AbiGuest guest = AbiGuest.of("names.wat")) {
            assertThat(guest.call("sum")).isEqualTo(4 + 4 + 4 + 0 + 0 + 4 + 0);
        }
    }

    /// Modules that import WASI's functions only.
    private static List<String> wasiModules() {
        return List.of(
                "arguments.wat",
                "clocks.wat",
                "descriptors.wat",
                "paths.wat",
                "sockets.wat",
                "process.wat",
                "transfers.wat",
                "poll.wat");
    }

    @ParameterizedTest
    @MethodSource("wasiModules")
    void wasiFunctionsAreTheSameUnderEachName(String file) {
        String text = AbiGuest.text(file);
        assertThatCode(() -> {
                    AbiImports.check(AbiGuest.parse(text));
                    AbiImports.check(AbiGuest.parse(text.replace("wasi_snapshot_preview1", "wasi_unstable")));
                    AbiImports.check(
                            AbiGuest.parse(text.replace("\"wasi_snapshot_preview1\" \"", "\"env\" \"__wasi_")));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void theTestModulesImportAllFortyFiveFunctionsOfWasi() {
        Set<String> names = new TreeSet<>();
        for (String file : wasiModules()) {
            Module module = AbiGuest.parse(AbiGuest.text(file));
            for (int i = 0; i < module.importCount(); i++) {
                names.add(module.importAt(i).name());
            }
        }
        assertThat(names).hasSize(45);
    }

    @Test
    void moduleWithoutImportsIsFine() {
        assertThatCode(() -> AbiImports.check(AbiGuest.parse("(module)"))).doesNotThrowAnyException();
    }

    /// By one import that no other profile has. Modules of `wasi_unstable` alone mean another layout than ours.
    @ParameterizedTest
    @CsvSource({
        "gate, io_65536, true",
        "gate, fd_65536, true",
        "gate, nothing, true",
        "env, __gate_io_65536, true",
        "env, __wasi_fd_write, true",
        "env, __wasi_nothing, true",
        "env, sched_yield, false",
        "env, __wasi, false",
        "env, gate, false",
        "wasi_snapshot_preview1, fd_write, false",
        "wasi_snapshot_preview1, __wasi_fd_write, false",
        "wasi_unstable, fd_write, false",
        "wasi_unstable, __gate_io_65536, false",
        "Gate, io_65536, false",
        "gate2, io_65536, false",
    })
    void programOfThisProfileIsKnownByItsImports(String module, String name, boolean expected) {
        assertThat(AbiImports.isProgram(importing(module, name, "(func)"))).isEqualTo(expected);
        String among = "(module (import \"wasi_snapshot_preview1\" \"sched_yield\" (func (result i32)))"
                + " (import \"" + module + "\" \"" + name + "\" (func))"
                + " (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32))))";
        assertThat(AbiImports.isProgram(AbiGuest.parse(among))).isEqualTo(expected);
    }

    @Test
    void moduleWithoutImportsIsOfNoProfile() {
        assertThat(AbiImports.isProgram(AbiGuest.parse("(module (func (export \"_start\")))")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "gate, io",
        "gate, fd",
        "gate, ''",
        "gate, read_65536",
        "gate, 65536",
        "gate, _65536",
        "gate, io_fd_65536",
        "gate, IO_65536",
        "gate, __gate_io_65536",
        "gate, sched_yield",
        "wasi_snapshot_preview1, sock_accept",
        "wasi_snapshot_preview1, ''",
        "wasi_snapshot_preview1, FD_READ",
        "wasi_snapshot_preview1, fd",
        "wasi_snapshot_preview1, io_65536",
        "wasi_unstable, fd_65536",
        "wasi_snapshot_preview2, sched_yield",
        "wasi, sched_yield",
        "env, sched_yield",
        "env, io_65536",
        "env, __gate_sched_yield",
        "env, __wasi_fd_65536",
        "env, __wasi_",
        "env, __gate_",
        "env, rt_read",
        "rt, read",
        "'', sched_yield",
    })
    void unknownFunctionsAreNamed(String module, String name) {
        assertRefused(
                importing(module, name, "(func)"),
                "import function not supported: \"" + module + "\" \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "065536", "6553x", "x65536", "-65536", "+65536", "0x10000", "65536 ", "٦٥٥٣٦"})
    void sizeHasToBeDecimalWithoutALeadingZero(String suffix) {
        StringBuilder shown = new StringBuilder();
        suffix.chars().forEach(c -> shown.append(c < 128 ? Character.toString(c) : String.format("\\u%04x", c)));
        assertRefused(importing("gate", "io_" + suffix, "(func)"), "invalid size suffix in symbol: io_" + shown);
        assertRefused(
                importing("env", "__gate_fd_" + suffix, "(func (result i32))"),
                "invalid size suffix in symbol: fd_" + shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "65535", "99", "9999"})
    void sizeHasToBeThatOfAPacket(String suffix) {
        assertRefused(
                importing("gate", "fd_" + suffix, "(func (result i32))"),
                "value of symbol size suffix is too small: fd_" + suffix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "65537", "99999", "100000", "4294967295", "4294967296", "18446744073709551616"})
    void anyLargerSizeWillDo(String suffix) {
        assertThatCode(() -> AbiImports.check(importing("gate", "fd_" + suffix, "(func (result i32))")))
                .doesNotThrowAnyException();
    }

    @Test
    void wrongSignatureIsShownBesideTheRightOne() {
        assertRefused(
                importing("gate", "fd_65536", "(func)"),
                "function gate.fd_65536 () i32 imported with wrong signature ()");
        assertRefused(
                importing("env", "__wasi_clock_time_get", "(func (param i32 i32 i32) (result i32))"),
                "function env.__wasi_clock_time_get (i32, i64, i32) i32 imported with wrong signature"
                        + " (i32, i32, i32) i32");
        assertRefused(
                importing("wasi_unstable", "proc_exit", "(func (param i32) (result f32))"),
                "function wasi_unstable.proc_exit (i32) imported with wrong signature (i32) f32");
    }

    /// `io` of 2020.
    @Test
    void programsOfTheOldInterfaceAreRefused() {
        assertRefused(
                importing("gate", "io_65536", "(func (param i32 i32 i32 i32 i32 i32 i32))"),
                "function gate.io_65536 (i32, i32, i32, i32, i32, i32, i64, i32) imported with wrong signature"
                        + " (i32, i32, i32, i32, i32, i32, i32)");
    }

    @Test
    void onlyFunctionsCanBeImported() {
        assertRefused(importing("gate", "g", "(global i32)"), "import global not supported: \"gate\" \"g\"");
        assertRefused(importing("env", "memory", "(memory 1)"), "import memory not supported: \"env\" \"memory\"");
        assertRefused(importing("env", "table", "(table 1 funcref)"), "import table not supported: \"env\" \"table\"");
    }

    @Test
    void firstBadImportIsTheOneTold() {
        assertRefused(
                AbiGuest.parse("(module (import \"gate\" \"fd_65536\" (func (result i32)))"
                        + "(import \"a\" \"b\" (global i32)) (import \"c\" \"d\" (func)))"),
                "import global not supported: \"a\" \"b\"");
    }

    @Test
    void longAndStrangeNamesAreCutAndEscaped() {
        assertRefused(
                importing("\\n\\\"\\\\", "x".repeat(1000), "(func)"),
                "import function not supported: \"\\u000a\\\"\\\\\" \"" + "x".repeat(100) + "...\"");
    }

    @Test
    void longSignaturesAreCut() {
        assertRefused(
                importing("gate", "fd_65536", "(func" + " (param i32)".repeat(17) + ")"),
                "function gate.fd_65536 () i32 imported with wrong signature (" + "i32, ".repeat(15) + "i32, ...)");
    }
}
