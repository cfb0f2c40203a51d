// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gate.tests.system.GateProcess.Ended;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saved programs go to and fro between this machine and an arm64 one, which is emulated (QEMU, with a Java 25 for
/// arm64 that `.ci/run` fetches): what they print, floating-point numbers to the last bit, and the fuel they use
/// are equal.
@Tag("slow")
final class ArchitecturesIT {
    private static final int HOPS_MIN = 6;

    @TempDir
    private Path folder;

    private List<String> arm = List.of();

    @BeforeEach
    void findTheOtherMachine() throws IOException, InterruptedException {
        String named = System.getenv("GATE_ARM64");
        Path home = named == null ? Repository.root().resolve("target/ci/arm64") : Path.of(named);
        Optional<Path> qemu = RealPrograms.tool("qemu-aarch64-static");
        boolean there = qemu.isPresent() && Files.isExecutable(home.resolve("java/bin/java"));
        if (!there) {
            System.out.println("SKIPPED: saved programs on arm64 - there is no emulator or no Java in " + home
                    + " - `.ci/run` installs both on Debian");
        }
        assumeTrue(there);
        GateProcess.run(folder, "version"); // builds what is missing
        Path dist = Repository.root().resolve("target/dist");
        String current = Files.readString(dist.resolve("current")).strip();
        arm = List.of(
                qemu.orElseThrow().toString(),
                "-L",
                home.resolve("root").toString(),
                home.resolve("java/bin/java").toString(),
                "-XX:+UseSerialGC",
                "-Xss64m",
                "--enable-native-access=gate.engine,gate.executor.host",
                "-p",
                dist.resolve(current).resolve("lib").toString(),
                "-m",
                "gate.app/gate.app.Main");
    }

    @Test
    void itIsAnotherArchitecture() throws IOException, InterruptedException {
        assertThat(onArm("version").out()).contains("aarch64");
    }

    @Test
    void aProgramInCPrintsTheSameNumbers() throws IOException, InterruptedException {
        String queens = Guests.example("queens/queens.wasm").toString();
        Ended whole = GateProcess.run(folder, "run", queens, "11");
        assertThat(whole.status()).isZero();
        assertThat(onArm("run", queens, "7").out().lines().limit(7))
                .containsExactlyElementsOf(whole.out().lines().limit(7).toList());
        String step = "1500000";
        Ended last = GateProcess.run(folder, "run", "--snapshot", "s.wasm", "--fuel", step, queens, "11");
        StringBuilder out = new StringBuilder(last.out());
        int hops = 0;
        for (; last.status() == 75; hops++) {
            last = hop(hops % 2 == 0, "--fuel", step);
            out.append(last.out());
        }
        assertThat(last.status()).as(last.err()).isZero();
        System.out.printf("went between x86-64 and arm64 %d times%n", hops);
        assertThat(hops).isGreaterThanOrEqualTo(2);
        assertThat(out.toString()).isEqualTo(whole.out());
    }

    @Test
    void fuelIsUsedUpAtTheSameInstructionWithTheSameNumbers() throws IOException, InterruptedException {
        Guests.write(folder, "count.wat", Guests.COUNT);
        String[] run = {"run", "--snapshot", "s.wasm", "--invoke", "count"};
        Ended whole = GateProcess.run(folder, with(run, "--fuel", "9000000", "count.wat", "90000000"));
        assertThat(whole.status()).as(whole.err()).isEqualTo(75);
        String expected = inspected();
        assertThat(expected).contains("\"used\": 90000");
        Ended arm = onArm(with(run, "--fuel", "9000000", "count.wat", "90000000"));
        assertThat(arm.status()).as(arm.err()).isEqualTo(75);
        assertThat(inspected()).isEqualTo(expected);
        Ended last = onArm(with(run, "--fuel", "9000000", "--after", "100ms", "count.wat", "90000000"));
        int hops = 0;
        for (; !last.err().contains("--fuel was used up"); hops++) {
            assertThat(last.status()).as(last.err()).isEqualTo(75);
            // Towards the end in one go: the machine may be slow.
            boolean slowly = hops < HOPS_MIN;
            last = hop(hops % 2 != 0, "--after", slowly ? "20ms" : "1h");
        }
        assertThat(inspected()).isEqualTo(expected);
        System.out.printf("went between x86-64 and arm64 %d times%n", hops);
        assertThat(hops).isPositive();
    }

    /// The saved file, but for sizes and places: the clock's reading in it takes a byte more or less.
    private String inspected() throws IOException, InterruptedException {
        String json = GateProcess.run(folder, "inspect", "--json", "s.wasm").out();
        return json.replaceFirst("\"bytes\": \\d+,", "").replaceFirst("(?s)\"sections\": \\[.*?\\],?", "");
    }

    private Ended hop(boolean arm, String... stop) throws IOException, InterruptedException {
        String[] command = with(with(new String[] {"resume", "--snapshot", "s.wasm"}, stop), "s.wasm");
        return arm ? onArm(command) : GateProcess.run(folder, command);
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    private Ended onArm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(arm.subList(1, arm.size()));
        command.addAll(List.of(arguments));
        try (GateProcess process = GateProcess.start(folder, arm.getFirst(), command)) {
            process.endInput();
            return process.await();
        }
    }
}
