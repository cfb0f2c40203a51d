// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
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
        Finder finder = new Finder(wanted, false);
        finder.run(module, code, () -> finder.found != null);
        return finder.found;
    }

    private static class Finder implements Watcher {
        private final Predicate<Candidate> wanted;
        private final boolean last;
        private @Nullable Position found;
        private @Nullable Candidate entry;
        private boolean begun;
        /// The word of the last candidate.
        private int reached;

        /// @param last whether the last that is wanted is found, instead of the first
        Finder(Predicate<Candidate> wanted, boolean last) {
            this.wanted = wanted;
            this.last = last;
        }

        void run(Module module, FunctionCode code, BooleanSupplier enough) {
            Translator translator =
                    new Translator(module, code.function(), code.counting(), code.boundary(), code.stops(), this);
            begun = true;
            Candidate first = entry;
            if (first != null) {
                consider(new Candidate(0, first.offset(), 0, false, translator), 0, -1);
            }
            translator.run(enough);
        }

        @Override
        public void at(int pc, int offset, int operands, boolean beforeInstruction, Translator translator) {
            Candidate candidate = new Candidate(pc, offset, operands, beforeInstruction, translator);
            if (begun) {
                int executed = translator.code.counted() - (beforeInstruction ? 1 : 0);
                consider(candidate, executed, translator.code.chargeAt());
            } else {
                entry = candidate; // the translator is still being constructed
            }
        }

        void consider(Candidate candidate, int executed, int chargeAt) {
            reached = candidate.pc();
            if ((found == null || last) && wanted.test(candidate)) {
                OperandPlaces places = candidate.translator().stack.places(candidate.operands());
                found = new Position(candidate.pc(), candidate.offset(), places, executed, chargeAt);
            }
        }
    }

    /// Calls among a function's instructions, each with the places of the operands that stay while it is in progress.
    /// All are found by translating the function once; together they have no more places than the frames that stand
    /// at them have operands.
    ///
    /// @param wanted the calls' offsets, or the words to which they return
    /// @param byOffset which of the two; the result is by the same
    static Map<Integer, Position> calls(Module module, FunctionCode code, Set<Integer> wanted, boolean byOffset) {
        Map<Integer, Position> found = new HashMap<>();
        Finder finder = new Finder(candidate -> false, false) {
            @Override
            void consider(Candidate candidate, int executed, int chargeAt) {
                int returnPc = candidate.isInstruction() ? returnPc(code, candidate.pc()) : -1;
                int key = byOffset ? candidate.offset() : returnPc;
                if (returnPc >= 0 && wanted.contains(key)) {
                    int staying = candidate.operands() - poppedBy(module, candidate.offset());
                    OperandPlaces places = candidate.translator().stack.places(staying);
                    found.put(key, new Position(candidate.pc(), candidate.offset(), places, executed, chargeAt));
                }
            }
        };
        finder.run(module, code, () -> found.size() == wanted.size());
        return found;
    }

    /// Operands that the call instruction at an offset pops.
    static int poppedBy(Module module, int offset) {
        CallSite site = CallSite.at(module, offset);
        return site.type().parameterCount() + (site.byOperand() ? 1 : 0);
    }

    /// The position at a word. Where fuel isn't counted, several instructions may stand before the same word, as
    /// some have no words of their own. Then it is the last: execution may have come to it past the others, and
    /// would not have their operands. Behind a breakpoint's word it is the first, the breakpoint's: nothing
    /// comes there but past that.
    ///
    /// @throws IllegalStateException where execution can't stand there
    static Position atWord(Module module, FunctionCode code, int pc) {
        boolean atBreakpoint = pc > 0 && Op.operation(code.words()[pc - 1]) == Op.BREAK;
        Finder finder = new Finder(candidate -> candidate.pc() == pc, !atBreakpoint);
        finder.run(module, code, () -> finder.reached > pc);
        Position position = finder.found;
        if (position == null) {
            throw new IllegalStateException("function " + code.function() + " can't stand at word " + pc);
        }
        return position;
    }

    /// The position of the instruction whose word it is, or null where the word has none.
    static @Nullable Position ofInstruction(Module module, FunctionCode code, int pc) {
        return find(module, code, candidate -> candidate.pc() == pc && candidate.isInstruction());
    }

    /// The first word of the call that returns to `returnPc`, or, if it is a tail call, whose words end there.
    static int callWord(FunctionCode code, int returnPc) {
        return switch (Op.operation(code.words()[returnPc - 1])) {
            case Op.CALL_INDIRECT, Op.TAIL_CALL_INDIRECT -> returnPc - 2;
            case Op.CALL_INDIRECT_OTHER, Op.TAIL_CALL_INDIRECT_OTHER -> returnPc - 3;
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

    /// The call stack where something has trapped, innermost first.
    static List<StackFrame> trace(Machine x) {
        List<StackFrame> trace = new ArrayList<>();
        if (x.isEmpty()) {
            return trace;
        }
        CallPositions calls = new CallPositions(x, Execution.TRACE_FRAMES_MAX);
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
            Position position =
                    walk.innermost() ? ofInstruction(instance.module(), walk.code(), x.pc - 1) : calls.of(walk);
            int function = walk.code().function();
            int offset = position == null ? instance.module().bodyStart(function) : position.offset();
            trace.add(new StackFrame(function, names.functionName(function).orElse(""), offset));
        }
        return trace;
    }
}
