// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.Map;

/// What instructions are called in the text format.
public final class InstructionNames {
    private static final int END = 0x0B;
    private static final int ELSE = 0x05;

    private static final Map<Integer, String> NAMES = Mnemonics.names();

    private InstructionNames() {}

    /// @param opcode with its prefix byte eight bits above it, as [gate.engine.runtime.CodeCursor#opcode()] gives it
    public static String of(int opcode) {
        return switch (opcode) {
            case END -> "end";
            case ELSE -> "else";
            default -> NAMES.getOrDefault(opcode, "0x" + Integer.toHexString(opcode));
        };
    }
}
