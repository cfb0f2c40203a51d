// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.MemoryShape;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleLimitException;
import gate.engine.wasm.Section;
import gate.tests.equivalence.SavedFile;
import gate.tests.equivalence.WasmBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits of saved programs: what is at one can be read, what is beyond is refused, and what is written is never
/// beyond.
class SavedFileLimitsTest {
    private static final int SEGMENTS_MAX = 100_000;
    private static final int CONTENTS_MAX = 1_148_576;
    /// Heap for a byte of a file that claims many frames: 5 to 9, the more the less of the reader has been compiled.
    private static final long FRAMES_BYTES_MAX = 16;

    private static final int FRAMES_MAX = StoreOptions.STACK_WORDS_MAX;
    private static final long DATA_SECTION_MAX = 768L << 20;
    private static final long MEMORY_SECTION_MAX = 256L << 20;

    private static Module parse(String text) {
        return Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    private static byte[] saved(String text) throws IOException {
        try (Store store = new Store()) {
            return SavedFile.of(Execution.instantiate(store.allocate(parse(text), Imports.none())));
        }
    }

    // ---- what is refused ----

    @Test
    void piecesOfMemoryContents() throws Exception {
        byte[] file = saved("(module (memory 1))");
        assertThatCode(() -> SavedFile.read(withContents(file, CONTENTS_MAX))).doesNotThrowAnyException();
        assertThatThrownBy(() -> SavedFile.read(withContents(file, CONTENTS_MAX + 1)))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining("more than 1148576 pieces of memory contents");
    }

    /// Adds pieces of no bytes.
    private static byte[] withContents(byte[] file, int pieces) {
        WasmBytes section = new WasmBytes().name("gate.memory").u32(0).bytes(new byte[2 * pieces]);
        return SavedFile.with(file, section);
    }

    @Test
    void callsThatWait() throws Exception {
        byte[] file = saved("(module (func))");
        // One may have had its turn, and stopped before its function began.
        int most = Execution.PENDING_CALLS_MAX + 1;
        assertThat(SavedFile.read(withTail(file, 0, most, most)).image().pending())
                .hasSize(most);
        assertThatThrownBy(() -> SavedFile.read(withTail(file, 0, most + 1, most + 1)))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining("the number of pending calls");
    }

    @Test
    void framesOfTheCallStack() throws Exception {
        byte[] file = saved("(module (func))");
        assertThatThrownBy(() -> SavedFile.read(withTail(file, FRAMES_MAX + 1, 0, 6 * FRAMES_MAX)))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining("the number of frames");
    }

    /// A frame's head is 5 bytes in the file, and an object would be fifty: nothing is made of heads before they are
    /// known to be right, and to be no more than the stack may have.
    @Test
    void framesThatAreRefusedCostLittleMoreThanTheirFile() throws Exception {
        int words = 200_000;
        int frames = 2 * words;
        byte[] nowhere = withFrames(new byte[] {0, 0, 0, 0, 0}, frames);
        assertThat(allocatedBy(() -> assertThatThrownBy(() -> SavedFile.read(nowhere))
                        .isInstanceOf(CorruptSnapshotException.class)
                        .hasMessageContaining("frame 0 stands where execution can't stand")))
                .isLessThan(FRAMES_BYTES_MAX * nowhere.length);
        byte[] waiting = withFrames(new byte[] {0, 1, 1, 0, 0}, frames); // each in a call of the next
        assertThat(allocatedBy(() -> {
                    Snapshot snapshot = SavedFile.read(waiting);
                    assertThat(snapshot.outline().entry()).isZero();
                    try (Store store = new Store(StoreOptions.DEFAULT.withStackWords(words))) {
                        assertThatThrownBy(() -> snapshot.restore(store, Imports.none()))
                                .isInstanceOf(CorruptSnapshotException.class)
                                .hasMessageContaining("there are 400000 frames on the call stack")
                                .hasMessageContaining("which may have 200000 words");
                    }
                }))
                .isLessThan(FRAMES_BYTES_MAX * waiting.length);
        assertThat(SavedFile.read(waiting).image().frames()).hasSize(frames);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static long allocatedBy(Step step) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        step.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /// A program in a call of a function that calls itself.
    private static byte[] withFrames(byte[] head, int frames) throws IOException {
        byte[] file = saved("(module (func (call 0)))");
        ByteArrayOutputStream heads = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
            heads.writeBytes(head);
        }
        return withTail(
                file,
                3,
                new WasmBytes().s64(0).u32(frames).bytes(heads.toByteArray()).u32(0));
    }

    /// Replaces the end of the state, which is the numbers of frames and of pending calls, both 0.
    ///
    /// @param zeros bytes that follow
    private static byte[] withTail(byte[] file, int frames, int calls, int zeros) {
        return withTail(file, 2, new WasmBytes().u32(frames).u32(calls).bytes(new byte[zeros]));
    }

    /// @param replaced bytes at the end: with a third one, the function in progress, which is none
    private static byte[] withTail(byte[] file, int replaced, WasmBytes tail) {
        List<Section> sections = Module.parse(file).sections();
        Section state = sections.get(sections.size() - 2);
        assertThat(state.name()).isEqualTo("gate.image");
        byte[] name = new WasmBytes().name("gate.image").toArray();
        int contentStart = indexOf(file, name, state.start()) + name.length;
        int contentEnd = state.end();
        assertThat(file[contentEnd - 1] | file[contentEnd - 2]).isZero();
        byte[] content = new WasmBytes()
                .bytes(Arrays.copyOfRange(file, contentStart, contentEnd - replaced))
                .bytes(tail)
                .toArray();
        WasmBytes section = new WasmBytes().bytes(name).bytes(content);
        return SavedFile.summed(new WasmBytes()
                .bytes(Arrays.copyOf(file, state.start()))
                .section(Section.CUSTOM, section)
                .toArray());
    }

    private static int indexOf(byte[] bytes, byte[] part, int from) {
        for (int at = from; ; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
    }

    /// The program's own are counted, not those in which its state is.
    @Test
    void sections() throws Exception {
        Limits two = sections(2);
        byte[] file = saved("(module (memory 1) (func))"); // types, functions, memory, code
        assertThatThrownBy(() -> Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), two))
                .isInstanceOf(ModuleLimitException.class)
                .hasMessageContaining("sections is 2");
        byte[] withMore = withContents(withContents(file, 0), 0);
        assertThatCode(() -> Snapshot.read(MemorySegment.ofArray(withMore), Feature.allSupported(), sections(4)))
                .doesNotThrowAnyException();
    }

    private static Limits sections(int sections) {
        Limits most = Limits.DEFAULT;
        return new Limits(
                most.moduleBytes(),
                sections,
                most.types(),
                most.imports(),
                most.functions(),
                most.tables(),
                most.memories(),
                most.globals(),
                most.exports(),
                most.elementSegments(),
                most.dataSegments(),
                most.elements(),
                most.parameters(),
                most.locals(),
                most.functionBytes(),
                most.operands(),
                most.nesting());
    }

    // ---- what is written ----

    @Test
    void scatteredMemoryIsWrittenInNoMoreSegmentsThanOtherEnginesAccept() throws Exception {
        int pages = 800;
        Module module = parse("(module (memory " + pages + ") (data \"passive\") (data \"too\"))");
        try (Store store = new Store();
                Store other = new Store()) {
            Instance instance = store.allocate(module, Imports.none());
            Execution execution = Execution.instantiate(instance);
            execution.run();
            Memory memory = instance.memory(0);
            for (long at = 0; at < memory.byteSize(); at += 256) {
                memory.storeByte(at, (byte) at);
                memory.storeByte(at + 1, (byte) 1);
            }
            assertThat(memory.byteSize() / 256).isGreaterThan(SEGMENTS_MAX);
            byte[] file = SavedFile.of(execution);
            assertThat(Module.parse(file).dataSegmentCount()).isBetween(3, SEGMENTS_MAX);
            Memory restored = SavedFile.read(file)
                    .restore(other, Imports.none())
                    .instance()
                    .memory(0);
            assertThat(memory.slice(0, memory.byteSize()).mismatch(restored.slice(0, memory.byteSize())))
                    .isEqualTo(-1);
        }
    }

    /// Of a program's own memory, when there is more than the data section may have, and of an imported one.
    @Tag("slow")
    @Test
    void muchMemoryIsWrittenInSectionsOfALimitedSize(@TempDir Path folder) throws Exception {
        int pages = (int) (DATA_SECTION_MAX / Memory.PAGE_BYTES);
        assertThat(sectionSizes(folder, "(memory " + pages + ")", pages)).isEmpty();
        int over = pages + 1;
        List<Long> own = sectionSizes(folder, "(memory " + over + ")", over);
        assertThat(own).hasSize(4).allMatch(size -> size <= MEMORY_SECTION_MAX + 16);
        int quarter = (int) (MEMORY_SECTION_MAX / Memory.PAGE_BYTES);
        String imported = "(import \"\" \"\" (memory 1))";
        assertThat(sectionSizes(folder, imported, quarter)).hasSize(1);
        assertThat(sectionSizes(folder, imported, quarter + 1)).hasSize(2);
    }

    /// Saves a memory without a zero, and restores it.
    ///
    /// @return sizes of its memory sections
    private static List<Long> sectionSizes(Path folder, String memoryText, int pages) throws Exception {
        Path path = folder.resolve("saved");
        StoreOptions options = StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped());
        MemoryShape shape = new MemoryShape(pages, Memory.PAGES_MAX, false, Memory.PAGES_MAX);
        try (Store store = new Store(options);
                Memory imported = MemoryBackend.mapped().allocate(shape);
                FileChannel out = FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            Imports imports = wanted -> Optional.of(new ImportValue.OfMemory(imported));
            Instance instance = store.allocate(parse("(module " + memoryText + ")"), imports);
            Execution execution = Execution.instantiate(instance);
            execution.run();
            instance.memory(0).slice(0, instance.memory(0).byteSize()).fill((byte) 0x5A);
            SnapshotWriter.write(execution, new byte[0], out);
        }
        try (Arena arena = Arena.ofConfined();
                Store store = new Store(options);
                Memory imported = MemoryBackend.mapped().allocate(shape);
                FileChannel in = FileChannel.open(path)) {
            MemorySegment file = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size(), arena);
            Snapshot snapshot = Snapshot.read(file, Feature.allSupported(), Limits.DEFAULT);
            Execution restored = snapshot.restore(store, wanted -> Optional.of(new ImportValue.OfMemory(imported)));
            MemorySegment bytes = restored.instance().memory(0).slice(0, (long) pages * Memory.PAGE_BYTES);
            long different = 0;
            while (different < bytes.byteSize()
                    && bytes.get(ValueLayout.JAVA_LONG, different) == 0x5A5A_5A5A_5A5A_5A5AL) {
                different += 8;
            }
            assertThat(different).isEqualTo(bytes.byteSize());
            return memorySections(file);
        }
    }

    private static List<Long> memorySections(MemorySegment file) {
        byte[] name = new WasmBytes().name("gate.memory").toArray();
        List<Long> sizes = new ArrayList<>();
        long at = 8;
        while (at < file.byteSize()) {
            int id = file.get(ValueLayout.JAVA_BYTE, at++);
            long size = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = file.get(ValueLayout.JAVA_BYTE, at++);
                size |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    break;
                }
            }
            boolean ours =
                    size > name.length && file.asSlice(at, name.length).mismatch(MemorySegment.ofArray(name)) < 0;
            if (id == Section.CUSTOM && ours) {
                sizes.add(size - name.length);
            }
            at += size;
        }
        return sizes;
    }
}
