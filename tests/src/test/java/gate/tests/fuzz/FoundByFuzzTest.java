// SPDX-License-Identifier: Apache-2.0
package gate.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Store;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.Module;
import gate.tests.equivalence.SavedFile;
import gate.tests.equivalence.WasmBytes;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// What damaged input has found, in small.
final class FoundByFuzzTest {
    private static final WasmBytes HEADER = new WasmBytes().f32(0x6D736100).f32(1);

    @Test
    void tableSectionThatEndsBeforeItsTablesIsMalformed() {
        byte[] module = HexFormat.of().parseHex("0061736d0100000004050370010100");
        assertThatThrownBy(() -> Module.parse(module)).isInstanceOf(MalformedModuleException.class);
    }

    /// A module whose function has a block of a type that is written as these bytes.
    private static byte[] withBlockType(String type) {
        return HexFormat.of()
                .parseHex("0061736d010000000104016000000302010" + "00a" + String.format("%02x", 7 + type.length() / 2)
                        + "01" + String.format("%02x", 5 + type.length() / 2) + "0002" + type + "000b0b");
    }

    @Test
    void blockTypeWrittenLongerThanItsByteIsMalformed() {
        for (String type : new String[] {"c07f", "ff7f", "f07f", "c0ff7f"}) {
            assertThatThrownBy(() -> Module.parse(withBlockType(type)))
                    .as(type)
                    .isInstanceOf(MalformedModuleException.class)
                    .hasMessageContaining("integer representation too long");
        }
    }

    @Test
    void negativeBlockTypeOfSeveralBytesIsMalformedThoughItsLastByteIsAType() {
        for (String type : new String[] {"806f", "8070", "80807c", "ff40", "8080808070"}) {
            assertThatThrownBy(() -> Module.parse(withBlockType(type)))
                    .as(type)
                    .isInstanceOf(MalformedModuleException.class)
                    .hasMessageContaining("malformed type");
        }
    }

    @Test
    void contentsOfAMemoryThatDoesNotExistAreRefused() throws Exception {
        try (Store store = new Store()) {
            Module module = Module.parse(HEADER.toArray());
            byte[] saved = SavedFile.of(Execution.instantiate(store.allocate(module, Imports.none())));
            WasmBytes contents =
                    new WasmBytes().name("gate.memory").u32(100).u32(0).u32(1).u8(1);
            byte[] forged = SavedFile.with(saved, contents);
            assertThatThrownBy(() -> SavedFile.read(forged))
                    .isInstanceOf(CorruptSnapshotException.class)
                    .hasMessageContaining("memory 100");
        }
    }
}
