// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.List;

/// The guest's own fault: core specification 4.2 "Runtime Structure", "Traps". It has no Java stack trace; the
/// WebAssembly call stack is attached when it leaves the execution.
public final class Trap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why. The text is that of the specification's own tests.
    public enum Code {
        UNREACHABLE("unreachable"),
        CALL_STACK_EXHAUSTED("call stack exhausted"),
        MEMORY_OUT_OF_BOUNDS("out of bounds memory access"),
        TABLE_OUT_OF_BOUNDS("out of bounds table access"),
        UNDEFINED_ELEMENT("undefined element"),
        UNINITIALIZED_ELEMENT("uninitialized element"),
        INDIRECT_CALL_TYPE_MISMATCH("indirect call type mismatch"),
        NULL_REFERENCE("null reference"),
        NULL_FUNCTION_REFERENCE("null function reference"),
        INTEGER_DIVIDE_BY_ZERO("integer divide by zero"),
        INTEGER_OVERFLOW("integer overflow"),
        INVALID_CONVERSION_TO_INTEGER("invalid conversion to integer"),
        /// A host function refused to go on; the text is its own.
        HOST("host function failed");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final Code code;
    private transient List<StackFrame> frames = List.of();

    public Trap(Code code) {
        this(code, code.text());
    }

    public Trap(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /// The call stack at the trap, innermost first; at most [Execution#TRACE_FRAMES_MAX] frames of it.
    public List<StackFrame> frames() {
        return frames;
    }

    void attach(List<StackFrame> innermostFirst) {
        frames = List.copyOf(innermostFirst);
    }
}
