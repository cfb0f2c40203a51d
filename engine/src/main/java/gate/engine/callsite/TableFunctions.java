// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.CodeCursor;
import gate.engine.wasm.ElementSegment;
import gate.engine.wasm.Module;
import java.util.Arrays;

/// The functions in a program's table. A program of the original can't change it, so the module
/// says all.
final class TableFunctions {
    private static final int NONE = -1;

    private final int[] functions;

    TableFunctions(Module module) {
        int size = 0;
        for (int i = 0; i < module.elementSegmentCount(); i++) {
            ElementSegment segment = module.elementSegment(i);
            long end = start(module, segment) + segment.count();
            if (end <= module.table(0).minimum()) {
                size = Math.max(size, (int) end);
            }
        }
        functions = new int[size];
        Arrays.fill(functions, NONE);
        for (int i = 0; i < module.elementSegmentCount(); i++) {
            put(module, module.elementSegment(i));
        }
    }

    private static long start(Module module, ElementSegment segment) {
        CodeCursor in = new CodeCursor(module.bytes(), segment.offsetExpression());
        in.opcode();
        return in.s64() & 0xFFFF_FFFFL;
    }

    private void put(Module module, ElementSegment segment) {
        long start = start(module, segment);
        if (start + segment.count() > functions.length) {
            return; // no instance of the module comes to be
        }
        CodeCursor in = new CodeCursor(module.bytes(), segment.items());
        for (int k = 0; k < segment.count(); k++) {
            functions[(int) start + k] = in.u32();
        }
    }

    /// The function of an element, or -1.
    int at(int element) {
        return element < 0 || element >= functions.length ? NONE : functions[element];
    }

    /// The first element that is a function, or -1.
    int find(int function) {
        for (int i = 0; i < functions.length; i++) {
            if (functions[i] == function) {
                return i;
            }
        }
        return NONE;
    }
}
