// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.app.program.Text;
import gate.engine.debug.DebugInfo;
import gate.engine.debug.SourceLine;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a breakpoint is to be set at, as reference 8.4 writes it: a number is a code offset, `file:line` a line of the
/// source, and all else the name of a function.
///
/// @param breakpoint code offset
/// @param place what it stands for, for its user
record BreakExpression(long breakpoint, String place) {
    private static final Pattern NUMBER = Pattern.compile("0[xX]([0-9a-fA-F]{1,15})|([0-9]{1,18})");
    private static final Pattern LINE = Pattern.compile("(.+):([0-9]{1,9})");

    /// @throws DebuggerException where there is no such place
    static BreakExpression parse(String text, DebugInfo info) throws DebuggerException {
        Matcher number = NUMBER.matcher(text);
        if (number.matches()) {
            long offset =
                    number.group(1) != null ? Long.parseLong(number.group(1), 16) : Long.parseLong(number.group(2));
            return at(offset, info);
        }
        Matcher line = LINE.matcher(text);
        return line.matches() ? line(line.group(1), Integer.parseInt(line.group(2)), info) : function(text, info);
    }

    private static BreakExpression at(long breakpoint, DebugInfo info) throws DebuggerException {
        OptionalInt offset = info.code().ofBreakpoint(breakpoint);
        if (offset.isEmpty()) {
            throw new DebuggerException("breakpoint could not be set at offset 0x" + Long.toHexString(breakpoint));
        }
        String place =
                info.lineAt(offset.getAsInt()).map(BreakExpression::shown).orElse("");
        return new BreakExpression(breakpoint, place);
    }

    private static BreakExpression line(String file, int line, DebugInfo info) throws DebuggerException {
        if (info.hasNoLines()) {
            throw noInformation(info);
        }
        if (!info.hasFile(file)) {
            throw new DebuggerException("no source file is called " + Text.printable(file));
        }
        int[] offsets = info.offsetsOf(file, line);
        for (int offset : offsets) {
            OptionalInt instruction = info.code().instructionFrom(offset);
            if (instruction.isPresent()) {
                String place = info.lineAt(instruction.getAsInt())
                        .map(BreakExpression::shown)
                        .orElse("");
                return new BreakExpression(info.code().toBreakpoint(instruction.getAsInt()), place);
            }
        }
        OptionalInt next = info.nextLine(file, line);
        throw new DebuggerException("there is no code for line " + line + " of " + Text.printable(file)
                + (next.isPresent() ? "; the next line with code is " + next.getAsInt() : ""));
    }

    private static BreakExpression function(String name, DebugInfo info) throws DebuggerException {
        OptionalInt offset = info.function(name);
        if (offset.isPresent()) {
            return new BreakExpression(info.code().toBreakpoint(offset.getAsInt()), Text.printable(name));
        }
        if (info.isEmpty()) {
            throw noInformation(info);
        }
        throw new DebuggerException("no function is called " + Text.printable(name));
    }

    private static DebuggerException noInformation(DebugInfo info) {
        return new DebuggerException("module contains no debug information"
                + info.problem().map(problem -> " there: " + problem).orElse(""));
    }

    private static String shown(SourceLine line) {
        return Text.printable(line.file()) + ":" + line.line() + ":" + line.column();
    }
}
