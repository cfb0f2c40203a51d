// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Instructions;
import gate.engine.wasm.Module;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Translates one function from the binary format into register form: see [Op]. One pass; linear in time and
/// memory.
///
/// Operands that are locals or constants aren't copied until they must be; a comparison and the branch that uses it
/// become one instruction, and so do an operation and the `local.set` that follows it. Where a frame can be caught,
/// everything on the operand stack has a known place; the same translation, watched, tells which.
final class Translator {
    /// Steps, words and operands between two looks at whether to stop: some 20 microseconds. A step is little,
    /// whatever the instruction: `TranslatorLooksTest`.
    static final int WORK_PER_LOOK = 4096;

    /// Branches to a label that ends which a step patches.
    private static final int PATCHES_PER_STEP = 16;

    /// Consecutive `i32.eqz` that become one comparison.
    private static final int NEGATIONS_MAX = 16;

    /// Operands that a branch moves one by one.
    private static final int MOVES_MAX = 4;

    private final Module module;
    private final int function;
    private final FunctionType type;
    private final int bodyEnd;
    private final int boundary;
    private final Breakpoints stops;
    private final boolean counting;
    private final @Nullable Watcher watcher;

    final CodeBuffer code;
    final OperandStack stack;
    final FrameLayout layout;
    final CodeCursor in;
    private final ControlStack control = new ControlStack();
    private boolean reachable = true;
    private boolean finished;
    private boolean joined;
    private int steps;
    private @Nullable BranchTable table;
    /// The next branch to be patched to `patchTarget`, or none.
    private int patchNext = ControlStack.NONE;

    private int patchTarget;
    /// Blocks opened in the code being skipped.
    private int skipped;
    /// Targets of a branch table being skipped.
    private int skippedTargets;
    private int boundaryPc = -1;
    /// Offset of the instruction being translated, and the height of the operand stack before it.
    private int offset;

    private int heightBefore;

    // Where the result of the instruction being translated goes.
    private int resultSlot;
    private int resultLocal = -1;
    private boolean resultStays;

    /// @param fuel whether the code counts executed instructions
    /// @param boundary offset of an instruction at which execution must be able to begin, or -1
    /// @param stops instructions before which it stops for a debugger
    /// @param watcher told of every place where execution can stand, or null
    Translator(Module module, int function, boolean fuel, int boundary, Breakpoints stops, @Nullable Watcher watcher) {
        this.module = module;
        this.function = function;
        this.type = module.functionType(function);
        this.bodyEnd = module.bodyEnd(function);
        this.boundary = boundary;
        this.stops = stops;
        this.counting = fuel;
        this.watcher = watcher;
        this.in = new CodeCursor(module.bytes(), module.bodyStart(function));
        this.code = new CodeBuffer(fuel);
        this.layout = FrameLayout.of(module, function, type.parameterCount() + in.locals());
        this.stack = new OperandStack(code, layout);
        control.push(ControlStack.FUNCTION, 0, 0, type.resultCount());
        markLabel();
        if (boundary == in.position) {
            boundaryPc = 0;
        }
        code.beginPiece(true);
    }

    /// Translates until the end or until `pause` says so.
    ///
    /// @return whether it is at the end; otherwise it can be called again
    boolean run(BooleanSupplier pause) {
        int lookAt = work() + WORK_PER_LOOK;
        while (!joined) {
            step();
            steps++;
            if (work() - lookAt >= 0) {
                if (pause.getAsBoolean()) {
                    return joined;
                }
                lookAt = work() + WORK_PER_LOOK;
            }
        }
        return true;
    }

    /// What has been done so far, wrapping around: steps, words made and copied, operands handled.
    private int work() {
        return steps + code.size() + code.wordsJoined() + stack.work();
    }

    private void step() {
        if (patchNext != ControlStack.NONE) {
            patch();
        } else if (table != null) {
            if (table.step()) {
                table = null;
                setUnreachable();
            }
        } else if (finished) {
            joined = watcher != null || code.join();
        } else if (reachable || !skipUnreachable()) {
            instruction();
        }
    }

    FunctionCode toCode() {
        code.endPiece();
        return new FunctionCode(
                function,
                boundary,
                counting,
                stops,
                code.words(),
                layout.parameters(),
                layout.zeroTo(),
                layout.slots(),
                layout.budget(),
                layout.temporaries());
    }

    int function() {
        return function;
    }

    Module module() {
        return module;
    }

    // ---- watching ----

    /// Tells the watcher that execution can stand here, before the instruction being translated.
    private void mark() {
        if (watcher != null) {
            watcher.at(code.size(), offset, heightBefore, true, this);
        }
    }

    /// Tells the watcher that execution can stand here, before the instruction to be translated next.
    private void markLabel() {
        markLabel(stack.height());
    }

    private void markLabel(int operands) {
        if (watcher != null) {
            watcher.at(code.size(), in.position, operands, false, this);
        }
    }

    private boolean canLookAhead() {
        return in.position != boundary && !stops.at(in.position);
    }

    // ---- results ----

    /// Decides where the one result of an instruction goes, whose operands have been popped.
    private void beginResult() {
        resultLocal = -1;
        resultStays = true;
        int next = in.peek();
        if ((next == LOCAL_SET || next == LOCAL_TEE) && canLookAhead()) {
            in.position++;
            resultLocal = in.u32();
            resultStays = next == LOCAL_TEE;
            stack.settleLocal(resultLocal);
            resultSlot = layout.localSlot(resultLocal);
        } else {
            resultSlot = stack.slot(stack.height());
        }
    }

    private int resultRegister() {
        return resultSlot > Op.D_MAX ? layout.scratch() : resultSlot;
    }

    private void endResult() {
        if (resultSlot > Op.D_MAX) {
            code.emit(Op.WIDE_SET, 0, layout.scratch(), resultSlot);
        }
        if (resultLocal < 0) {
            stack.pushSlot();
            return;
        }
        code.count();
        if (resultStays) {
            stack.pushLocal(resultLocal);
        }
    }

    // ---- instructions ----

    private void instruction() {
        offset = in.position;
        heightBefore = stack.height();
        if (reachable && stops.at(offset)) { // nothing comes to an `else` or `end` behind a branch
            stopBefore();
        }
        if (offset == boundary && boundaryPc < 0 && reachable) {
            stack.settleAll();
            code.endPiece();
            boundaryPc = code.size();
            markLabel();
            code.beginPiece(false);
        }
        int opcode = in.opcode();
        switch (opcode) {
            case BLOCK, LOOP, ELSE, END, NOP, DROP -> {}
            default -> code.count();
        }
        switch (opcode) {
            case LOCAL_GET -> stack.pushLocal(in.u32());
            case LOCAL_SET -> setLocal(in.u32(), false);
            case LOCAL_TEE -> setLocal(in.u32(), true);
            case I32_CONST, I64_CONST -> stack.pushConstant(in.s64());
            case F32_CONST -> stack.pushConstant(in.i32Bits());
            case F64_CONST -> stack.pushConstant(in.i64Bits());
            case NOP -> {}
            case DROP -> stack.pop(1);
            case BLOCK, LOOP, IF, ELSE, END -> structure(opcode);
            case BR, BR_IF, BR_TABLE, RETURN, UNREACHABLE, BR_ON_NULL, BR_ON_NON_NULL -> branch(opcode);
            case CALL, CALL_INDIRECT, CALL_REF, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> call(opcode);
            case SELECT -> select();
            case SELECT_TYPED -> {
                in.u32();
                in.skipValueType();
                select();
            }
            case GLOBAL_GET -> {
                int global = in.u32();
                beginResult();
                code.emit(Op.GLOBAL_GET, resultRegister(), 0, global);
                endResult();
            }
            case GLOBAL_SET -> {
                int global = in.u32();
                stack.pop(1);
                code.emit(Op.GLOBAL_SET, 0, stack.register(stack.height(), Op.A_MAX, 0), global);
            }
            case REF_NULL -> {
                in.s64();
                stack.pushConstant(0);
            }
            case REF_IS_NULL -> compareWithZero(NumericForms.EQ);
            default -> {
                if (opcode >= I32_LOAD && opcode <= I64_STORE32) {
                    access(opcode);
                } else if (opcode >= I32_EQZ && opcode <= I64_EXTEND32_S
                        || opcode >= I32_TRUNC_SAT_F32_S && opcode <= I64_TRUNC_SAT_F64_U) {
                    numeric(opcode);
                } else {
                    stackForm(opcode);
                }
            }
        }
    }

    /// A word that stops execution for a debugger. It belongs to no piece of code that is charged for.
    private void stopBefore() {
        stack.settleAll();
        code.endPiece();
        code.emit(Op.BREAK, 0, 0, 0);
        markLabel();
        code.beginPiece(false);
    }

    private void setLocal(int local, boolean stays) {
        int top = stack.height() - 1;
        stack.pop(1);
        int slot = layout.localSlot(local);
        boolean same = stack.kind(top) == OperandStack.LOCAL && stack.value(top) == local;
        if (!same) {
            stack.settleLocal(local);
            stack.copyTo(top, slot);
        }
        if (!stays) {
            return;
        }
        if (stack.isConstant(top)) {
            stack.pushConstant(stack.value(top));
        } else {
            stack.pushLocal(local);
        }
    }

    private void select() {
        stack.pop(3);
        int first = stack.height();
        beginResult();
        stack.settleConstants(first, 3);
        int condition = stack.register(first + 2, Op.A_MAX, 0);
        int yes = stack.register(first, 0x7FFF, 1);
        int no = stack.register(first + 1, 0x7FFF, 2);
        code.emit(Op.SELECT, resultRegister(), condition, yes | no << 16);
        endResult();
    }

    // ---- numbers ----

    private void numeric(int opcode) {
        if (NumericForms.isIdentity(opcode)) {
            return;
        }
        if (opcode == I32_EQZ || opcode == I64_EQZ) {
            compareWithZero(NumericForms.EQ);
        } else if (opcode >= I32_EQ && opcode <= I32_GE_U) {
            compare(opcode - I32_EQ, false);
        } else if (opcode >= I64_EQ && opcode <= I64_GE_U) {
            compare(opcode - I64_EQ, true);
        } else if (opcode > 0xFF || NumericForms.isUnary(opcode)) {
            unary(opcode);
        } else {
            binary(opcode);
        }
    }

    private void unary(int opcode) {
        stack.pop(1);
        int at = stack.height();
        beginResult();
        int a = stack.register(at, Op.A_MAX, 0);
        if (NumericForms.mayTrap(opcode)) {
            mark();
        }
        int form = NumericForms.unary(opcode);
        if (form == 0) {
            form = opcode > 0xFF ? Op.RARE_PREFIXED + (opcode & 0xFF) : Op.RARE + opcode;
        }
        code.emit(form, resultRegister(), a, 0);
        endResult();
    }

    private void binary(int opcode) {
        if ((opcode == F64_LT || opcode == F64_LE || opcode == F64_GT || opcode == F64_GE) && branchOnFloats(opcode)) {
            return;
        }
        stack.pop(2);
        int x = stack.height();
        int y = x + 1;
        if (NumericForms.isCommutative(opcode) && stack.isConstant(x) || NumericForms.isExchanged(opcode)) {
            x = y;
            y = stack.height();
        }
        beginResult();
        int form = stack.isConstant(y) ? NumericForms.withConstant(opcode, stack.value(y)) : 0;
        if (form != 0) {
            int constant = (int) NumericForms.storedConstant(opcode, stack.value(y));
            code.emit(form, resultRegister(), stack.register(x, Op.A_MAX, 0), constant);
        } else {
            stack.settleConstants(stack.height(), 2);
            int a = stack.register(x, Op.A_MAX, 0);
            int b = stack.register(y, Integer.MAX_VALUE, 1);
            if (NumericForms.mayTrap(opcode)) {
                mark();
            }
            form = NumericForms.binary(opcode);
            code.emit(form == 0 ? Op.RARE + opcode : form, resultRegister(), a, b);
        }
        endResult();
    }

    private void compareWithZero(int relation) {
        int top = stack.height();
        stack.pushConstant(0);
        compare(relation, true);
        assert stack.height() <= top;
    }

    private void compare(int relation, boolean wide) {
        for (int i = 0; i < NEGATIONS_MAX && canLookAhead() && in.peek() == I32_EQZ; i++) {
            in.position++;
            code.count();
            relation = NumericForms.negated(relation);
        }
        stack.pop(2);
        int x = stack.height();
        int y = x + 1;
        if (stack.isConstant(x) && !stack.isConstant(y)) {
            relation = NumericForms.mirrored(relation);
            x = y;
            y = stack.height();
        }
        int next = in.peek();
        if (canLookAhead() && (next == BR_IF || next == IF)) {
            in.position++;
            code.count();
            if (next == BR_IF) {
                branchIf(relation, x, y, wide, in.u32(), 0);
            } else {
                enterIf(relation, x, y, wide);
            }
            return;
        }
        beginResult();
        setRelation(relation, x, y, wide);
        endResult();
    }

    private void setRelation(int relation, int x, int y, boolean wide) {
        if (stack.isConstant(y)) {
            long constant = NumericForms.strictConstant(relation, stack.value(y), wide);
            if (constant == (int) constant) {
                int form = NumericForms.setConstant(NumericForms.strict(relation));
                code.emit(form, resultRegister(), stack.register(x, Op.A_MAX, 0), (int) constant);
                return;
            }
        }
        if (!NumericForms.hasRegisterForm(relation)) {
            setRelation(NumericForms.mirrored(relation), y, x);
        } else {
            setRelation(relation, x, y);
        }
    }

    private void setRelation(int relation, int x, int y) {
        stack.settleConstants(Math.min(x, y), 2);
        int a = stack.register(x, Op.A_MAX, 0);
        int b = stack.register(y, Integer.MAX_VALUE, 1);
        code.emit(NumericForms.set(relation), resultRegister(), a, b);
    }

    /// Emits a branch that is taken where the relation holds.
    ///
    /// @return the word to be patched
    private int emitBranch(int relation, int x, int y, boolean wide) {
        if (stack.isConstant(y)) {
            long constant = NumericForms.strictConstant(relation, stack.value(y), wide);
            if (constant >= -1024 && constant < 1024) {
                int form = NumericForms.branchConstant(NumericForms.strict(relation));
                int a = stack.register(x, Op.A_MAX, 0);
                code.emit(form, (int) constant & Op.D_MAX, a, -1);
                return code.size() - 1;
            }
        }
        if (!NumericForms.hasRegisterForm(relation)) {
            relation = NumericForms.mirrored(relation);
            int exchanged = x;
            x = y;
            y = exchanged;
        }
        stack.settleConstants(Math.min(x, y), 2);
        int d = stack.register(x, Op.D_MAX, 0);
        int a = stack.register(y, Op.A_MAX, 1);
        code.emit(NumericForms.branch(relation), d, a, -1);
        return code.size() - 1;
    }

    /// Fuses an f64 comparison with the branch that follows it.
    ///
    /// @return false, with nothing done, where none follows
    private boolean branchOnFloats(int opcode) {
        if (!canLookAhead() || in.peek() != BR_IF && in.peek() != IF) {
            return false;
        }
        boolean isBranch = in.peek() == BR_IF;
        in.position++;
        code.count();
        stack.pop(2);
        int x = stack.height();
        int y = x + 1;
        if (NumericForms.isExchanged(opcode)) {
            x = y;
            y = stack.height();
        }
        boolean less = opcode == F64_LT || opcode == F64_GT;
        int taken = less ? Op.BR_F64_LT : Op.BR_F64_LE;
        int notTaken = less ? Op.BR_F64_NOT_LT : Op.BR_F64_NOT_LE;
        stack.settleConstants(stack.height(), 2);
        if (!isBranch) {
            int[] shape = in.blockShape(module);
            stack.settleAll();
            int pc = emitFloatBranch(notTaken, x, y);
            pushIf(shape, pc);
            return true;
        }
        int depth = in.u32();
        settleMany(depth);
        boolean moves = needsMoves(depth);
        int pc = emitFloatBranch(moves ? notTaken : taken, x, y);
        finishConditional(depth, moves, pc, 0);
        return true;
    }

    private int emitFloatBranch(int form, int x, int y) {
        int d = stack.register(x, Op.D_MAX, 0);
        int a = stack.register(y, Op.A_MAX, 1);
        code.emit(form, d, a, -1);
        return code.size() - 1;
    }

    // ---- memory ----

    private void access(int opcode) {
        int memory = (in.u32() & 0x40) != 0 ? in.u32() : 0;
        int memoryOffset = in.u32();
        if (memory != 0 || memoryOffset < 0) {
            otherMemory(opcode, memory, memoryOffset);
        } else if (opcode >= I32_STORE) {
            stack.pop(2);
            int address = stack.height();
            stack.settleConstants(address, 2);
            int a = stack.register(address, Op.A_MAX, 0);
            int d = stack.register(address + 1, Op.D_MAX, 1);
            mark();
            code.emit(storeForm(opcode), d, a, memoryOffset);
        } else {
            stack.pop(1);
            int address = stack.height();
            beginResult();
            int a = stack.register(address, Op.A_MAX, 0);
            mark();
            code.emit(loadForm(opcode), resultRegister(), a, memoryOffset);
            endResult();
        }
    }

    private static int loadForm(int opcode) {
        return switch (opcode) {
            case I32_LOAD8_S, I64_LOAD8_S -> Op.LOAD8_S;
            case I32_LOAD8_U, I64_LOAD8_U -> Op.LOAD8_U;
            case I32_LOAD16_S, I64_LOAD16_S -> Op.LOAD16_S;
            case I32_LOAD16_U, I64_LOAD16_U -> Op.LOAD16_U;
            case I64_LOAD32_U -> Op.LOAD32_U;
            case I64_LOAD, F64_LOAD -> Op.LOAD64;
            default -> Op.LOAD32;
        };
    }

    private static int storeForm(int opcode) {
        return switch (Instructions.widthLog2(opcode)) {
            case 0 -> Op.STORE8;
            case 1 -> Op.STORE16;
            case 2 -> Op.STORE32;
            default -> Op.STORE64;
        };
    }

    /// Address, and value of a store, are in consecutive slots; so is a load's result.
    private void otherMemory(int opcode, int memory, int memoryOffset) {
        int operands = opcode >= I32_STORE ? 2 : 1;
        int first = stack.height() - operands;
        for (int i = 0; i < operands; i++) {
            stack.settle(first + i);
        }
        mark();
        code.add(Op.callWord(Op.OTHER_MEMORY, stack.slot(first), memoryOffset));
        code.add((long) memory << 32 | opcode);
        stack.pop(operands);
        if (operands == 1) {
            stack.pushSlot();
        }
    }

    /// Instructions executed out of line on operands in consecutive slots, where the result goes too.
    private void stackForm(int opcode) {
        int operands;
        int results = 0;
        int immediate = in.u32Unless(opcode == REF_AS_NON_NULL);
        int second = -1;
        switch (opcode) {
            case REF_FUNC, MEMORY_SIZE, TABLE_SIZE -> {
                operands = 0;
                results = 1;
            }
            case MEMORY_GROW, TABLE_GET, REF_AS_NON_NULL -> {
                operands = 1;
                results = 1;
            }
            case TABLE_SET -> operands = 2;
            case TABLE_GROW -> {
                operands = 2;
                results = 1;
            }
            case DATA_DROP, ELEM_DROP -> operands = 0;
            case MEMORY_FILL, TABLE_FILL -> operands = 3;
            case MEMORY_INIT, MEMORY_COPY, TABLE_INIT, TABLE_COPY -> {
                operands = 3;
                second = in.u32();
            }
            default -> throw new IllegalStateException("validated code has opcode 0x" + Integer.toHexString(opcode));
        }
        int first = stack.height() - operands;
        for (int i = 0; i < operands; i++) {
            stack.settle(first + i);
        }
        mark();
        int operation = opcode > 0xFF ? Op.RARE_PREFIXED + (opcode & 0xFF) : Op.RARE + opcode;
        code.add(Op.callWord(operation, stack.slot(first), immediate));
        if (second >= 0) {
            code.add(second);
        }
        stack.pop(operands);
        if (results == 1) {
            stack.pushSlot();
        }
    }

    // ---- structure ----

    private void structure(int opcode) {
        switch (opcode) {
            case BLOCK -> {
                int[] shape = in.blockShape(module);
                stack.settleAll();
                control.push(ControlStack.BLOCK, stack.height() - shape[0], shape[0], shape[1]);
            }
            case LOOP -> {
                int[] shape = in.blockShape(module);
                stack.settleAll();
                control.push(ControlStack.LOOP, stack.height() - shape[0], shape[0], shape[1]);
                code.endPiece();
                control.setLink(0, code.size());
                markLabel();
                if (in.position == boundary) {
                    boundaryPc = code.size();
                }
                code.beginPiece(true);
            }
            case IF -> {
                int top = stack.height();
                stack.pushConstant(0);
                stack.pop(2);
                enterIf(NumericForms.NE, top - 1, top, true);
            }
            case ELSE -> elseBranch();
            default -> end();
        }
    }

    private void enterIf(int relation, int x, int y, boolean wide) {
        int[] shape = in.blockShape(module);
        stack.settleAll();
        pushIf(shape, emitBranch(NumericForms.negated(relation), x, y, wide));
    }

    private void pushIf(int[] shape, int elseBranch) {
        control.push(ControlStack.IF, stack.height() - shape[0], shape[0], shape[1]);
        control.setElseBranch(elseBranch);
        code.beginPiece(false);
    }

    private void elseBranch() {
        if (reachable) {
            stack.settleAll();
            code.emit(Op.BR, 0, 0, control.link(0));
            control.setLink(0, code.size() - 1);
        }
        code.endPiece();
        code.setTarget(control.elseBranch(), code.size());
        control.setElseBranch(ControlStack.NONE);
        control.setKind(ControlStack.ELSE);
        stack.reset(control.height(0) + control.parameters(0));
        reachable = true;
        markLabel();
        code.beginPiece(false);
    }

    private void end() {
        int kind = control.kind(0);
        boolean labelled = kind != ControlStack.LOOP && control.link(0) != ControlStack.NONE
                || control.elseBranch() != ControlStack.NONE;
        if (labelled) {
            if (reachable) {
                stack.settleAll();
            }
            code.endPiece();
            int pc = code.size();
            if (control.elseBranch() != ControlStack.NONE) {
                code.setTarget(control.elseBranch(), pc);
            }
            patchNext = control.link(0);
            patchTarget = pc;
            patch();
        }
        if (labelled || !reachable) {
            stack.reset(control.height(0) + control.results(0));
        }
        reachable |= labelled;
        control.pop();
        if (kind == ControlStack.FUNCTION) {
            finish(labelled);
        } else if (labelled) {
            markLabel();
            code.beginPiece(false);
        }
    }

    private void finish(boolean labelled) {
        // A frame can be about to return though nothing here leads to it: its code had other breakpoints, and so other
        // ways to leave.
        if (reachable || boundary == bodyEnd) {
            if (labelled) {
                markLabel();
                code.beginPiece(false);
            }
            if (boundary == bodyEnd) {
                stack.settleAll();
                boundaryPc = code.size();
                markLabel();
                code.beginPiece(false);
            }
            emitReturn();
        }
        code.endPiece();
        finished = true;
    }

    /// Makes some of the branches go to the label at the end of the block that has ended last.
    private void patch() {
        for (int i = 0; i < PATCHES_PER_STEP && patchNext != ControlStack.NONE; i++) {
            int previous = code.target(patchNext);
            code.setTarget(patchNext, patchTarget);
            patchNext = previous;
            steps++;
        }
    }

    /// Skips an instruction that is never executed.
    ///
    /// @return false before the `else` or `end` where execution can go on
    private boolean skipUnreachable() {
        if (skippedTargets > 0) {
            in.u32();
            skippedTargets--;
            return true;
        }
        int at = in.position;
        int opcode = in.opcode();
        if (skipped == 0 && (opcode == END || opcode == ELSE)) {
            in.position = at;
            return false;
        }
        if (opcode == BR_TABLE) {
            skippedTargets = in.u32() + 1; // a step each: there can be millions
            return true;
        }
        in.skipImmediates(opcode);
        if (opcode == BLOCK || opcode == LOOP || opcode == IF) {
            skipped++;
        } else if (opcode == END) {
            skipped--;
        }
        return true;
    }

    // ---- branches ----

    private void branch(int opcode) {
        switch (opcode) {
            case BR -> {
                jump(in.u32());
                setUnreachable();
            }
            case BR_IF -> {
                int depth = in.u32();
                int top = stack.height();
                stack.pushConstant(0);
                stack.pop(2);
                branchIf(NumericForms.NE, top - 1, top, true, depth, 0);
            }
            case BR_TABLE -> branchTable();
            case RETURN -> {
                emitReturn();
                setUnreachable();
            }
            case UNREACHABLE -> {
                mark();
                code.emit(Op.RARE + UNREACHABLE, 0, 0, 0);
                setUnreachable();
            }
            case BR_ON_NULL -> {
                int depth = in.u32();
                int top = stack.height();
                stack.pushConstant(0);
                stack.pop(2);
                branchIf(NumericForms.EQ, top - 1, top, true, depth, 1);
                stack.unpop(1);
            }
            default -> {
                int depth = in.u32();
                int top = stack.height();
                stack.pushConstant(0);
                stack.pop(1);
                branchIf(NumericForms.NE, top - 1, top, true, depth, -1);
                stack.pop(1);
            }
        }
    }

    private void setUnreachable() {
        reachable = false;
        code.endPiece();
    }

    /// Puts the operands of a branch that carries many into their slots, so that one word moves them all: 1,000
    /// moves for each of a million branches would be too many.
    private void settleMany(int depth) {
        if (control.arity(depth) > MOVES_MAX) {
            stack.settleAll();
        }
    }

    boolean needsMoves(int depth) {
        int arity = control.arity(depth);
        int from = stack.height() - arity;
        if (arity == 0) {
            return false;
        }
        if (from != control.height(depth)) {
            return true;
        }
        if (arity > MOVES_MAX) {
            return false;
        }
        for (int i = 0; i < arity; i++) {
            if (stack.kind(from + i) != OperandStack.IN_SLOT) {
                return true;
            }
        }
        return false;
    }

    private void move(int depth) {
        int arity = control.arity(depth);
        int from = stack.height() - arity;
        int to = control.height(depth);
        if (arity > MOVES_MAX) {
            code.add(Op.callWord(Op.MOVE_RANGE, stack.slot(from), stack.slot(to)));
            code.add(arity);
            return;
        }
        for (int i = 0; i < arity; i++) {
            stack.copyTo(from + i, stack.slot(to + i));
        }
    }

    /// Makes the branch word at `pc` go to the label.
    void link(int depth, int pc) {
        if (control.kind(depth) == ControlStack.LOOP) {
            code.setTarget(pc, control.link(depth));
        } else {
            code.setTarget(pc, control.link(depth));
            control.setLink(depth, pc);
        }
    }

    void jump(int depth) {
        settleMany(depth);
        if (depth == control.depth() - 1) {
            emitReturn();
            return;
        }
        move(depth);
        code.emit(Op.BR, 0, 0, -1);
        link(depth, code.size() - 1);
    }

    /// @param change what the instruction does to the operand stack where the branch isn't taken
    private void branchIf(int relation, int x, int y, boolean wide, int depth, int change) {
        settleMany(depth);
        boolean moves = needsMoves(depth);
        int pc = emitBranch(moves ? NumericForms.negated(relation) : relation, x, y, wide);
        finishConditional(depth, moves, pc, change);
    }

    private void finishConditional(int depth, boolean moves, int pc, int change) {
        if (moves) {
            jump(depth);
            code.setTarget(pc, code.size());
            markLabel(stack.height() + change);
        } else {
            link(depth, pc);
        }
        code.beginPiece(false);
    }

    /// Begins a branch table. Tables can be huge, so their entries are a step each: see [BranchTable].
    private void branchTable() {
        int count = in.u32();
        stack.pop(1);
        settleMany(in.peekU32()); // all its labels take as many operands
        int index = stack.register(stack.height(), Op.A_MAX, 0);
        code.emit(Op.BR_TABLE, 0, index, count);
        table = new BranchTable(this, control, count + 1);
    }

    private void emitReturn() {
        int count = type.resultCount();
        int first = stack.height() - count;
        switch (count) {
            case 0 -> code.emit(Op.RETURN0, 0, 0, 0);
            case 1 -> {
                // The operand must stay as it is for code after a branch that isn't taken.
                boolean constant = stack.isConstant(first);
                if (constant) {
                    stack.copyTo(first, stack.slot(first));
                }
                int slot = constant ? stack.slot(first) : stack.register(first, Integer.MAX_VALUE, 0);
                code.add(Op.callWord(Op.RETURN1, slot, 0));
            }
            default -> {
                stack.copyFrom(first);
                code.add(Op.callWord(Op.RETURN, stack.slot(first), count));
            }
        }
    }

    // ---- calls ----

    /// Whether a callee can return to this code in the interpreter's own loop.
    private boolean returnsPlainly() {
        return boundary < 0 && layout.temporaries() == 0;
    }

    private void call(int opcode) {
        int target = in.u32();
        boolean tail = opcode == RETURN_CALL || opcode == RETURN_CALL_INDIRECT || opcode == RETURN_CALL_REF;
        FunctionType callee;
        int operation;
        int b = target;
        int table = -1;
        switch (opcode) {
            case CALL, RETURN_CALL -> {
                callee = module.functionType(target);
                operation = target < module.importedFunctionCount()
                        ? tail ? Op.TAIL_CALL_IMPORT : Op.CALL_IMPORT
                        : tail ? Op.TAIL_CALL : returnsPlainly() ? Op.CALL : Op.CALL_OUT_OF_LINE;
            }
            case CALL_INDIRECT, RETURN_CALL_INDIRECT -> {
                callee = module.type(target);
                table = in.u32();
                operation = table == 0 && (tail || returnsPlainly())
                        ? tail ? Op.TAIL_CALL_INDIRECT : Op.CALL_INDIRECT
                        : tail ? Op.TAIL_CALL_INDIRECT_OTHER : Op.CALL_INDIRECT_OTHER;
                stack.pop(1);
                b = stack.register(stack.height(), Integer.MAX_VALUE, 0);
            }
            default -> {
                callee = module.type(target);
                operation = tail ? Op.TAIL_CALL_REF : Op.CALL_REF;
                stack.pop(1);
                b = stack.register(stack.height(), Integer.MAX_VALUE, 0);
            }
        }
        int first = stack.height() - callee.parameterCount();
        stack.settleFrom(first);
        mark();
        code.add(Op.callWord(operation, stack.slot(first), b));
        if (operation == Op.CALL_INDIRECT_OTHER || operation == Op.TAIL_CALL_INDIRECT_OTHER) {
            code.add(table);
        }
        if (table >= 0) {
            code.add(Op.callWord(operation, stack.slot(first), target));
        }
        if (tail) {
            setUnreachable();
            return;
        }
        stack.pop(callee.parameterCount());
        stack.pushSlots(callee.resultCount());
        code.beginPiece(false);
    }
}
