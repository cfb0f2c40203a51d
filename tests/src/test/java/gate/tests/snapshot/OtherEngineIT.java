// SPDX-License-Identifier: Apache-2.0
package gate.tests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Global;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every saved file compiles in V8. Environment variable `GATE_NODE` names a Node whose V8 knows WebAssembly 3.0.
@Tag("slow")
class OtherEngineIT {

    private static final String REFERENCES = """
            (module
              (type $f (func (result i32)))
              (import "host" "nothing" (global i32))
              (table $t 3 10 funcref)
              (table $typed 4 (ref $f) (ref.func $one))
              (table $external 2 externref)
              (memory $a 1 2) (memory $b 1)
              (global $g (mut (ref null $f)) (ref.func $one))
              (elem $active (table $t) (i32.const 1) func $one $two)
              (elem $passive func $two)
              (elem declare func $start)
              (data (memory $b) (i32.const 8) "second")
              (start $start)
              (func $one (type $f) (i32.const 1))
              (func $two (type $f) (i32.const 2))
              (func $start
                (drop (table.grow $t (ref.func $start) (i32.const 4)))
                (table.set $typed (i32.const 2) (ref.func $two))
                (global.set $g (ref.null $f))
                (elem.drop $passive)
                (i64.store $b (i32.const 100) (i64.const -1))
                (loop $forever (br $forever))))
            """;

    @Test
    void savedFilesCompileInV8(@TempDir Path folder) throws Exception {
        Path node = node();
        touch(folder.resolve("small.wasm"), 1, 4096, 65_536);
        save(folder.resolve("references.wasm"), REFERENCES, 1000);
        touch(folder.resolve("many-runs.wasm"), 256, 64, 16 << 20);
        touch(folder.resolve("large.wasm"), 1024, 8, 64 << 20);
        assertThat(compileAll(node, folder)).isEqualTo("compiled 4\n");
    }

    /// The largest data section, and a file of nearly 1 GiB whose contents are in sections of our own.
    @Test
    @Tag("slow")
    void savedFilesUpToOneGibibyteCompileInV8(@TempDir Path folder) throws Exception {
        Path node = node();
        touch(folder.resolve("data-section.wasm"), 12_000, 8, 750 << 20);
        assertThat(Files.size(folder.resolve("data-section.wasm"))).isBetween(749L << 20, 751L << 20);
        assertThat(compileAll(node, folder)).isEqualTo("compiled 1\n");
        touch(folder.resolve("own-sections.wasm"), 16_300, 8, 1018 << 20);
        assertThat(Files.size(folder.resolve("own-sections.wasm"))).isBetween(1017L << 20, 1L << 30);
        assertThat(compileAll(node, folder)).isEqualTo("compiled 2\n");
    }

    /// Touches a byte every `step` bytes of `pages` pages, and spins.
    private static String toucher(int pages, int step, int bytes) {
        return """
            (module
              (memory %d)
              (data $active (i32.const 16) "at the start")
              (data $passive "not yet used")
              (global (mut i64) (i64.const -1))
              (func (export "run") (local $at i32)
                (memory.init $passive (i32.const 64) (i32.const 0) (i32.const 12))
                (data.drop $passive)
                (loop $next
                  (i32.store8 (local.get $at) (i32.const 7))
                  (global.set 0 (i64.extend_i32_u (local.get $at)))
                  (local.set $at (i32.add (local.get $at) (i32.const %d)))
                  (br_if $next (i32.lt_u (local.get $at) (i32.const %d))))
                (loop $forever (br $forever))))
            """.formatted(pages, step, bytes);
    }

    private static void touch(Path file, int pages, int step, int bytes) throws Exception {
        long instructionsPerTouch = 14;
        save(file, toucher(pages, step, bytes), bytes / step * instructionsPerTouch + 1000);
    }

    /// Runs until the guest spins, saves it, saves what was restored from that, and keeps both equal.
    private static void save(Path file, String text, long fuel) throws Exception {
        Module module = Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
        StoreOptions options = StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped());
        Imports imports = wanted -> Optional.of(new ImportValue.OfGlobal(Global.of(ValueType.I32, false, 5)));
        try (Store store = new Store(options)) {
            Instance instance = store.allocate(module, imports);
            Execution execution = Execution.instantiate(instance, true);
            instance.exportedFunction("run").ifPresent(execution::call);
            execution.setFuel(fuel);
            assertThat(execution.run()).isEqualTo(Execution.Status.OUT_OF_FUEL);
            write(execution, file);
        }
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file);
                Store store = new Store(options)) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            Execution again =
                    Snapshot.read(bytes, Feature.allSupported(), Limits.DEFAULT).restore(store, imports);
            Path second = file.resolveSibling(file.getFileName() + ".again");
            write(again, second);
            assertThat(Files.mismatch(file, second)).as("saved again: " + file).isEqualTo(-1);
            Files.delete(second);
        }
    }

    private static void write(Execution execution, Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            SnapshotWriter.write(execution, new byte[0], out);
        }
    }

    private static String compileAll(Path node, Path folder) throws IOException, InterruptedException {
        String script = """
                const fs = require('fs'), path = require('path'), folder = process.argv[1];
                const files = fs.readdirSync(folder).filter(name => name.endsWith('.wasm'));
                for (const name of files) new WebAssembly.Module(fs.readFileSync(path.join(folder, name)));
                console.log('compiled ' + files.length);
                """;
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(node.toString(), "-e", script, folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("node ends").isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private static Path node() {
        String node = System.getenv("GATE_NODE");
        if (node == null) {
            System.out.println("SKIPPED: OtherEngineIT - no current V8 - set GATE_NODE to a Node 26");
        }
        Assumptions.assumeTrue(node != null, "GATE_NODE isn't set");
        return Path.of(String.valueOf(node));
    }
}
