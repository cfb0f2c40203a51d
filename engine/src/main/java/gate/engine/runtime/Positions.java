// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Relates words of register form to instructions of the module, by translating the function again and watching.
/// Nothing is stored for it: 50,000 locals times 100,000 calls would be too much.
final class Positions {
    private Positions() {}

    /// A place where execution can stand.
    ///
    /// @param pc the word to be executed next
    /// @param offset the instruction to be executed next
    /// @param places of the operands before it
    /// @param executed instructions of the word's piece of code before it
    /// @param chargeAt the word that charges for the piece, or -1
    record Position(int pc, int offset, OperandPlaces places, int executed, int chargeAt) {}

    /// What the watcher is shown before the position is taken down.
    ///
    /// @param isInstruction whether the word at `pc` is that of the instruction at `offset`. Where it isn't, the
    ///     instruction may have no word of its own, and the word may belong to one that follows
    record Candidate(int pc, int offset, int operands, boolean isInstruction, Translator translator) {}

    /// Finds the first position that is wanted.
    private static @Nullable Position find(Module module, FunctionCode code, Predicate<Candidate> wanted) {
        Finder finder = new Finder(wanted);
        Translator translator = new Translator(module, code.function(), code.counting(), code.boundary(), finder);
        finder.look(translator);
        translator.run(() -> finder.found != null);
        return finder.found;
    }

    private static final class Finder implements Watcher {
        private final Predicate<Candidate> wanted;
        private @Nullable Position found;
        private @Nullable Candidate entry;
        private boolean begun;

        Finder(Predicate<Candidate> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void at(int pc, int offset, int operands, boolean beforeInstruction, Translator translator) {
            if (found != null) {
                return;
            }
            Candidate candidate = new Candidate(pc, offset, operands, beforeInstruction, translator);
            if (!begun) {
                entry = candidate; // the translator is still being constructed
                return;
            }
            if (wanted.test(candidate)) {
                int executed = translator.code.counted() - (beforeInstruction ? 1 : 0);
                found = new Position(
                        pc, offset, translator.stack.places(operands), executed, translator.code.chargeAt());
            }
        }

        void look(Translator translator) {
            begun = true;
            Candidate first = entry;
            if (first != null && wanted.test(new Candidate(0, first.offset(), 0, false, translator))) {
                found = new Position(0, first.offset(), translator.stack.places(0), 0, -1);
            }
        }
    }

    /// The position at a word.
    ///
    /// @throws IllegalStateException where execution can't stand there
    static Position atWord(Module module, FunctionCode code, int pc) {
        return required(find(module, code, candidate -> candidate.pc() == pc), code, pc);
    }

    private static Position required(@Nullable Position position, FunctionCode code, int pc) {
        if (position == null) {
            throw new IllegalStateException("function " + code.function() + " can't stand at word " + pc);
        }
        return position;
    }

    /// The position of the instruction whose word it is, or null where the word has none.
    private static @Nullable Position ofInstruction(Module module, FunctionCode code, int pc) {
        return find(module, code, candidate -> candidate.pc() == pc && candidate.isInstruction());
    }

    /// The position of a call in progress, by the word to which it returns.
    static Position atReturn(Module module, FunctionCode code, int returnPc) {
        int pc = callWord(code, returnPc);
        return required(ofInstruction(module, code, pc), code, pc);
    }

    /// The first word of the call that returns to `returnPc`.
    static int callWord(FunctionCode code, int returnPc) {
        return switch (Op.operation(code.words()[returnPc - 1])) {
            case Op.CALL_INDIRECT -> returnPc - 2;
            case Op.CALL_INDIRECT_OTHER -> returnPc - 3;
            default -> returnPc - 1;
        };
    }

    /// The word to which the call at a word returns, or -1 where there is no call.
    static int returnPc(FunctionCode code, int pc) {
        return switch (Op.operation(code.words()[pc])) {
            case Op.CALL, Op.CALL_OUT_OF_LINE, Op.CALL_IMPORT, Op.CALL_REF -> pc + 1;
            case Op.CALL_INDIRECT -> pc + 2;
            case Op.CALL_INDIRECT_OTHER -> pc + 3;
            default -> -1;
        };
    }

    /// A position at an instruction, with the operands that there are before it; or null.
    static @Nullable Position atInstruction(Module module, FunctionCode code, int offset, int operands) {
        return find(module, code, candidate -> candidate.offset() == offset && candidate.operands() == operands);
    }

    /// The position of a call instruction; or null.
    static @Nullable Position atCall(Module module, FunctionCode code, int offset) {
        return find(
                module,
                code,
                candidate -> candidate.offset() == offset
                        && candidate.isInstruction()
                        && returnPc(code, candidate.pc()) >= 0);
    }

    /// Instructions charged for and not executed, where execution stands at a word or has trapped there.
    static int unexecuted(Module module, FunctionCode code, int pc, boolean trapped) {
        return unexecuted(code, atWord(module, code, pc), trapped);
    }

    static int unexecuted(FunctionCode code, Position position, boolean trapped) {
        if (position.chargeAt() < 0) {
            return 0;
        }
        return Op.b(code.words()[position.chargeAt()]) - position.executed() - (trapped ? 1 : 0);
    }

    /// The call stack of an execution that has trapped, innermost first.
    static List<StackFrame> trace(Execution x) {
        List<StackFrame> trace = new ArrayList<>();
        if (!x.isActive() || x.current.function() < 0) {
            return trace;
        }
        NameSection names = null;
        Instance named = null;
        for (StackWalk walk = new StackWalk(x);
                walk.valid() && trace.size() < Execution.TRACE_FRAMES_MAX;
                walk.outward()) {
            Instance instance = walk.instance();
            if (names == null || named != instance) {
                names = NameSection.of(instance.module());
                named = instance;
            }
            int pc = walk.innermost() ? x.pc - 1 : callWord(walk.code(), walk.pc());
            Position position = ofInstruction(instance.module(), walk.code(), pc);
            int function = walk.code().function();
            int offset = position == null ? instance.module().bodyStart(function) : position.offset();
            trace.add(new StackFrame(function, names.functionName(function).orElse(""), offset));
        }
        return trace;
    }
}
