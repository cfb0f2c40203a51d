// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.app.inspect.FrameTypes;
import gate.app.program.Text;
import gate.app.program.ValueSyntax;
import gate.engine.debug.CodeOffsets;
import gate.engine.debug.DebugInfo;
import gate.engine.runtime.CodeCursor;
import gate.engine.runtime.FrameImage;
import gate.engine.text.InstructionNames;
import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.ValueType;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Shows a program that stands still. Offsets are those of breakpoints (reference 3.6), so that each can be given back
/// as one.
final class Views {
    private static final int FRAMES_SHOWN_MAX = 64;
    private static final int VALUES_SHOWN_MAX = 200;
    private static final int BYTES_PER_LINE = 16;

    private final Debuggee debuggee;
    private final Module module;
    private final DebugInfo info;
    private final CodeOffsets code;
    private final PrintStream out;

    Views(Debuggee debuggee, DebugInfo info, PrintStream out) {
        this.debuggee = debuggee;
        this.module = debuggee.module();
        this.info = info;
        this.code = info.code();
        this.out = out;
    }

    // ---- frames ----

    String hexadecimal(int offset) {
        return "0x" + Long.toHexString(code.toBreakpoint(offset));
    }

    void frame(int number, FrameImage frame) {
        String name = info.functionName(frame.function())
                .map(known -> Text.printable(known) + " (function " + frame.function() + ")")
                .orElse("function " + frame.function());
        String line = info.lineAt(frame.offset())
                .map(at -> " at " + Text.printable(at.file()) + ":" + at.line() + ":" + at.column())
                .orElse("");
        out.println("#" + number + " " + name + line + ", offset " + hexadecimal(frame.offset()));
    }

    void backtrace() {
        List<FrameImage> frames = debuggee.frames();
        if (frames.isEmpty()) {
            out.println("there is no call stack");
        }
        for (int i = 0; i < Math.min(frames.size(), FRAMES_SHOWN_MAX); i++) {
            frame(i, frames.get(i));
        }
        if (frames.size() > FRAMES_SHOWN_MAX) {
            out.printf("... and %,d more%n", frames.size() - FRAMES_SHOWN_MAX);
        }
    }

    void locals(FrameImage frame) {
        Optional<FrameTypes> types = FrameTypes.of(module, frame);
        long[] locals = frame.locals();
        int parameters = module.functionType(frame.function()).parameterCount();
        for (int i = 0; i < Math.min(locals.length, VALUES_SHOWN_MAX); i++) {
            int type = types.isPresent() ? types.get().locals()[i] : ValueType.I64;
            out.println((i < parameters ? "parameter " : "local ") + i + ": " + value(locals[i], type));
        }
        long[] operands = frame.operands();
        for (int i = 0; i < Math.min(operands.length, VALUES_SHOWN_MAX); i++) {
            int type = types.isPresent() ? types.get().operands()[i] : ValueType.I64;
            out.println("operand " + i + ": " + value(operands[i], type));
        }
        if (locals.length + operands.length == 0) {
            out.println("it has no locals and no operands");
        }
        if (Math.max(locals.length, operands.length) > VALUES_SHOWN_MAX) {
            out.println("... and more");
        }
    }

    private static String value(long raw, int type) {
        String hexadecimal = type == ValueType.I32
                ? " (0x" + Integer.toHexString((int) raw) + ")"
                : type == ValueType.I64 ? " (0x" + Long.toHexString(raw) + ")" : "";
        return ValueType.name(type) + " " + ValueSyntax.format(raw, type) + hexadecimal;
    }

    // ---- the instance ----

    void globals() {
        Map<Integer, String> names = new HashMap<>();
        for (Export export : module.exports().values()) {
            if (export.kind() == ExternalKind.GLOBAL) {
                names.putIfAbsent(export.index(), " " + Text.quoted(export.name()));
            }
        }
        long[] values = debuggee.globals();
        if (values.length == 0) {
            out.println("it has no globals");
        }
        for (int i = 0; i < Math.min(values.length, VALUES_SHOWN_MAX); i++) {
            out.println("global " + i + names.getOrDefault(i, "") + ": "
                    + value(values[i], module.global(i).valueType()));
        }
        if (values.length > VALUES_SHOWN_MAX) {
            out.printf("... and %,d more%n", values.length - VALUES_SHOWN_MAX);
        }
    }

    void memory(long address, int length) throws DebuggerException {
        byte[] bytes = debuggee.memory(address, length);
        if (bytes.length == 0) {
            throw new DebuggerException("there is no memory at 0x" + Long.toHexString(address));
        }
        for (int from = 0; from < bytes.length; from += BYTES_PER_LINE) {
            StringBuilder line = new StringBuilder(String.format("%08x ", address + from));
            StringBuilder text = new StringBuilder();
            for (int i = from; i < from + BYTES_PER_LINE; i++) {
                if (i < bytes.length) {
                    line.append(String.format(" %02x", bytes[i]));
                    text.append(bytes[i] >= 0x20 && bytes[i] < 0x7F ? (char) bytes[i] : '.');
                } else {
                    line.append("   ");
                }
            }
            out.println(line.append("  ").append(text));
        }
    }

    // ---- instructions ----

    /// Instructions around the one that a frame stands at.
    void instructions(FrameImage frame, int around) {
        CodeCursor in = new CodeCursor(module.bytes(), code.firstInstruction(frame.function()));
        int end = module.bodyEnd(frame.function());
        Deque<Integer> before = new ArrayDeque<>();
        while (in.position() < frame.offset()) {
            if (before.size() == around) {
                before.removeFirst();
            }
            before.addLast(in.position());
            in.skipInstruction();
        }
        before.forEach(offset -> instruction(offset, false));
        for (int i = 0; i <= around && in.position() < end; i++) {
            instruction(in.position(), i == 0);
            in.skipInstruction();
        }
    }

    private void instruction(int offset, boolean here) {
        CodeCursor in = new CodeCursor(module.bytes(), offset);
        int opcode = in.opcode();
        String immediate = switch (opcode) {
            case Opcode.LOCAL_GET,
                    Opcode.LOCAL_SET,
                    Opcode.LOCAL_TEE,
                    Opcode.GLOBAL_GET,
                    Opcode.GLOBAL_SET,
                    Opcode.BR,
                    Opcode.BR_IF -> " " + in.u32();
            case Opcode.CALL, Opcode.RETURN_CALL, Opcode.REF_FUNC -> function(in.u32());
            case Opcode.I32_CONST, Opcode.I64_CONST -> " " + in.s64();
            default -> "";
        };
        out.println((here ? "=> " : "   ") + hexadecimal(offset) + "  " + InstructionNames.of(opcode) + immediate);
    }

    private String function(int index) {
        return " " + index
                + info.functionName(index)
                        .map(name -> " (" + Text.printable(name) + ")")
                        .orElse("");
    }
}
