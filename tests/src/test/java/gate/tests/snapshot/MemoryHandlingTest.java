// SPDX-License-Identifier: Apache-2.0
package gate.tests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.Execution;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.MemoryShape;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Memories that change between two stretches of an execution, or that the module doesn't own.
class MemoryHandlingTest {
    /// More than a data section may have segments.
    private static final int SPARSE_TOUCHES = 100_100;

    @TempDir
    private Path folder;

    private static final String TWO_WAYS = """
            (module
              (memory 1 2000)
              (func (export "spin") (result i32)
                (i32.store (i32.const 100) (i32.const 358))
                (loop $more (br_if $more (i32.eqz (i32.load (i32.const 104)))))
                (i32.load (i32.const 100)))
              (func (export "grow")
                (drop (memory.grow (i32.const 1500)))
                (i32.store (i32.const 104) (i32.const 1))))
            """;

    private static Module parse(String text) {
        return Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    private static MemoryBackend backend(boolean mapped) {
        return mapped ? MemoryBackend.mapped() : MemoryBackend.arena();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryGrownByAnotherExecutionIsSeenByTheOneThatWasStopped(boolean mapped) {
        try (Store store = new Store(StoreOptions.DEFAULT.withBackend(backend(mapped)))) {
            Instance instance = store.allocate(parse(TWO_WAYS), Imports.none());
            Execution.instantiate(instance).run();
            Execution stopped = Execution.of(instance, true)
                    .call(instance.exportedFunction("spin").orElseThrow());
            stopped.setFuel(1000);
            assertThat(stopped.run()).isEqualTo(Execution.Status.OUT_OF_FUEL);
            Execution.of(instance, false)
                    .call(instance.exportedFunction("grow").orElseThrow())
                    .run();
            stopped.setFuel(1000);
            assertThat(stopped.run()).isEqualTo(Execution.Status.FINISHED);
            assertThat(stopped.results()).containsExactly(358);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void storeInUseByOneThreadIsClosedAndRunByNoOther(boolean mapped) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        HostFunction wait = call -> {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return HostFunction.Outcome.DONE;
        };
        FunctionType type = FunctionType.of(new int[0], new int[0]);
        Store store = new Store(StoreOptions.DEFAULT.withBackend(backend(mapped)));
        Instance instance = store.allocate(
                parse("(module (import \"\" \"wait\" (func $wait)) (memory 1) (func (export \"run\") (call $wait)))"),
                wanted -> Optional.of(new ImportValue.Host(wait, type)));
        int run = instance.exportedFunction("run").orElseThrow();
        Thread other = Thread.ofPlatform()
                .start(() -> Execution.instantiate(instance).call(run).run());
        inside.await();
        assertThatThrownBy(store::close).isInstanceOf(IllegalStateException.class);
        Execution second = Execution.of(instance, false).call(run);
        assertThatThrownBy(second::run).isInstanceOf(IllegalStateException.class);
        leave.countDown();
        other.join();
        store.close();
        assertThatThrownBy(second::run).isInstanceOf(IllegalStateException.class);
    }

    /// Its contents go into sections of our own, of which a file must not have many.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void importedMemoryWithManyRunsSurvives(boolean mapped) throws Exception {
        Module module = parse("(module (import \"\" \"memory\" (memory 64)) (func (export \"run\") (loop (br 0))))");
        MemoryShape shape = new MemoryShape(64, 64, true, 64);
        try (Memory memory = backend(mapped).allocate(shape);
                Memory second = backend(mapped).allocate(shape);
                Store store = new Store();
                Store secondStore = new Store()) {
            for (int at = 0; at < memory.byteSize(); at += 64) {
                memory.storeInt(at, at + 1);
            }
            second.storeInt(8, 77);
            Instance instance = store.allocate(module, wanted -> Optional.of(new ImportValue.OfMemory(memory)));
            Execution execution = Execution.instantiate(instance, true)
                    .call(instance.exportedFunction("run").orElseThrow());
            execution.setFuel(100);
            execution.run();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SnapshotWriter.write(execution, new byte[0], Channels.newChannel(out));
            Snapshot.read(MemorySegment.ofArray(out.toByteArray()), Feature.allSupported(), Limits.DEFAULT)
                    .restore(secondStore, wanted -> Optional.of(new ImportValue.OfMemory(second)));
            assertThat(memory.slice(0, memory.byteSize()).mismatch(second.slice(0, second.byteSize())))
                    .isEqualTo(-1);
        }
    }

    /// One byte in every second OS page: the pages in between haven't been touched, and aren't saved.
    @Test
    @Tag("slow")
    void sparseMemoryIsSavedAsWhatWasTouched() throws Exception {
        int pages = SPARSE_TOUCHES / 8 + 1;
        Module module = parse("(module (memory (export \"memory\") " + pages + "))");
        Path file = folder.resolve("sparse.wasm");
        StoreOptions options = StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped());
        try (Store store = new Store(options);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Instance instance = store.allocate(module, Imports.none());
            Memory memory = instance.exportedMemory("memory").orElseThrow();
            for (long touch = 0; touch < SPARSE_TOUCHES; touch++) {
                memory.storeByte(touch * 8192 + touch % 4096, (byte) 1);
            }
            SnapshotWriter.write(Execution.of(instance, false), new byte[0], out);
        }
        assertThat(Files.size(file)).isLessThan(SPARSE_TOUCHES * 8L + 1000);
        try (Store store = new Store(options)) {
            Execution restored = Snapshot.read(
                            MemorySegment.ofArray(Files.readAllBytes(file)), Feature.allSupported(), Limits.DEFAULT)
                    .restore(store, Imports.none());
            Memory memory = restored.instance().memory(0);
            for (long touch = 0; touch < SPARSE_TOUCHES; touch++) {
                assertThat(memory.loadByte(touch * 8192 + touch % 4096)).isOne();
            }
        }
    }

    /// 3 MiB of data, which the second instance maps from a file; then growth over two moves.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sharedInitialMemoryGrowsWithItsContents(boolean mapped) {
        Module module = parse("""
                (module
                  (memory (export "memory") 56 400)
                  (data (i32.const 65532) "%s")
                  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
                """.formatted("0123456789abcdef".repeat(3 << 16)));
        for (int round = 0; round < 3; round++) {
            try (Store store = new Store(StoreOptions.DEFAULT.withBackend(backend(mapped)))) {
                Instance instance = store.allocate(module, Imports.none());
                Execution.instantiate(instance).run();
                Memory memory = instance.exportedMemory("memory").orElseThrow();
                memory.storeInt(0, 4711);
                memory.storeInt(65536 * 20, 4712);
                memory.storeInt(65536 * 56 - 4, 4713);
                Execution growing = Execution.of(instance, false);
                for (int delta : new int[] {1, 1, 100, 0, 200, 42}) {
                    int before = memory.pages();
                    growing.call(instance.exportedFunction("grow").orElseThrow(), delta)
                            .run();
                    assertThat(growing.results()).containsExactly(before);
                    assertThat(memory.pages()).isEqualTo(before + delta);
                    memory.storeInt(memory.byteSize() - 4, memory.pages());
                }
                growing.call(instance.exportedFunction("grow").orElseThrow(), 1).run();
                assertThat(growing.results()).containsExactly(-1);
                assertThat(memory.loadInt(0)).isEqualTo(4711);
                assertThat(memory.loadInt(65536 * 20)).isEqualTo(4712);
                assertThat(memory.loadInt(65536 * 56 - 4)).isEqualTo(4713);
                assertThat(memory.loadInt(65532)).isEqualTo(0x33323130);
                assertThat(memory.loadInt(65536 * 40 - 4)).isEqualTo(0x33323130);
                assertThat(memory.loadInt(65536 * 49 - 8)).isEqualTo(0x66656463);
                assertThat(memory.loadInt(65536 * 49 - 4)).isZero();
                assertThat(memory.loadInt(65536 * 57 - 4)).isEqualTo(57);
                assertThat(memory.loadInt(65536 * 58 - 4)).isEqualTo(58);
                assertThat(memory.loadInt(65536 * 158L - 4)).isEqualTo(158);
                assertThat(memory.loadLong(65536 * 400L - 16)).isZero();
                long[] touched = memory.touched();
                assertThat(touched[touched.length - 1]).isLessThanOrEqualTo(memory.byteSize());
            }
        }
    }
}
