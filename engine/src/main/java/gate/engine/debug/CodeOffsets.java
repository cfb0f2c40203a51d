// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import gate.engine.runtime.CodeCursor;
import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import java.util.OptionalInt;

/// Offsets in a module's code section, from and to offsets in the module. There are two kinds that differ where a
/// module
/// has 128 functions or more.
///
/// A *breakpoint's* offset counts from the end of the number of functions to the end of the instruction's opcode byte:
/// reference 3.6. *DWARF's* counts from the beginning of the section's content to the instruction (WebAssembly tool
/// conventions, "Code addresses").
public final class CodeOffsets {
    private final Module module;
    private final int content;
    private final int bodies;

    private CodeOffsets(Module module, int content, int bodies) {
        this.module = module;
        this.content = content;
        this.bodies = bodies;
    }

    public static CodeOffsets of(Module module) {
        return module.section(Section.CODE)
                .map(section -> {
                    CodeCursor in = new CodeCursor(module.bytes(), section.contentStart());
                    in.u32();
                    return new CodeOffsets(module, section.contentStart(), in.position());
                })
                .orElseGet(() -> new CodeOffsets(module, module.bytes().length, module.bytes().length));
    }

    /// The instruction that a breakpoint hits, as an offset in the module; empty where it hits none.
    public OptionalInt ofBreakpoint(long breakpoint) {
        long offset = bodies + breakpoint - 1;
        int function = functionAt(offset);
        return function < 0 || !isInstruction(function, (int) offset)
                ? OptionalInt.empty()
                : OptionalInt.of((int) offset);
    }

    /// The breakpoint that hits an instruction.
    public long toBreakpoint(int offset) {
        return offset + 1L - bodies;
    }

    /// An offset in the module.
    public long ofDwarf(long address) {
        return content + address;
    }

    public long toDwarf(int offset) {
        return offset - (long) content;
    }

    /// The defined function whose body an offset is in, or -1.
    public int functionAt(long offset) {
        int low = module.importedFunctionCount();
        int high = module.functionCount() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (offset < module.bodyStart(middle)) {
                high = middle - 1;
            } else if (offset >= module.bodyEnd(middle)) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    /// The first instruction of a defined function.
    public int firstInstruction(int function) {
        return atFirst(function).position();
    }

    /// The instruction at an offset in the module or the next one behind it, in the same function; empty where there
    /// is none. An offset among a function's locals is before its first instruction.
    public OptionalInt instructionFrom(long offset) {
        int function = functionAt(offset);
        if (function < 0) {
            return OptionalInt.empty();
        }
        CodeCursor in = atFirst(function);
        while (in.position() < offset) {
            in.skipInstruction();
        }
        return in.position() < module.bodyEnd(function) ? OptionalInt.of(in.position()) : OptionalInt.empty();
    }

    /// The instruction behind one.
    public int next(int offset) {
        CodeCursor in = new CodeCursor(module.bytes(), offset);
        in.skipInstruction();
        return in.position();
    }

    private CodeCursor atFirst(int function) {
        CodeCursor in = new CodeCursor(module.bytes(), module.bodyStart(function));
        in.locals();
        return in;
    }

    private boolean isInstruction(int function, int offset) {
        CodeCursor in = atFirst(function);
        while (in.position() < offset) {
            in.skipInstruction();
        }
        return in.position() == offset;
    }
}
