// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import static gate.engine.wasm.Opcode.*;
import static gate.engine.wasm.ValueType.*;

import java.util.Arrays;

/// Validates function bodies, one pass over the bytes, no object per instruction: core specification 3.3 and the
/// algorithm of its appendix A.3. One validator serves all functions of a module, one after the other.
///
/// It is also how types are found again: asked to stop at an offset, it holds the operand types there.
final class FunctionValidator {
    private static final int NOWHERE = Integer.MAX_VALUE;
    private static final int[] NO_TYPES = {};
    private static final int[] NUMBER_TYPES = {I32, I64, F32, F64};

    private final Module module;
    private final FeatureSet features;
    private final Limits limits;
    private final ByteReader in;
    private final Locals locals;

    private int functionIndex;
    private FunctionType type;
    private int[] stack = new int[256];
    private int height;
    private int maxHeight;

    private final Labels labels = new Labels();
    /// Height below which the current block can't pop.
    private int floor;

    private boolean unreachable;
    /// Offset of the current opcode.
    private int opcodeOffset;

    FunctionValidator(Module module, FeatureSet features, Limits limits, ByteReader in) {
        this.module = module;
        this.features = features;
        this.limits = limits;
        this.in = in;
        this.locals = new Locals(limits);
        this.type = FunctionType.of(NO_TYPES, NO_TYPES);
    }

    /// Validates the body at the reader's position, which ends at its end.
    ///
    /// @return the operand stack's greatest height, in slots
    int validate(int index) {
        begin(index);
        run(NOWHERE);
        if (maxHeight > limits.operands()) {
            throw operandsExceeded(maxHeight);
        }
        return maxHeight;
    }

    /// Validates on, up to the instruction at `stop`, in a body that is known to be valid.
    ///
    /// @return whether there is an instruction that starts there, and execution can come to it; the body's
    /// end counts
    boolean stopAt(int stop) {
        return run(stop) && !unreachable;
    }

    void begin(int index) {
        functionIndex = index;
        type = module.functionType(index);
        opcodeOffset = in.position;
        locals.read(in, module, features, type, this);
        height = 0;
        maxHeight = 0;
        floor = 0;
        unreachable = false;
        labels.clear();
        labels.push(BLOCK, Labels.FUNCTION, 0, 0, false);
    }

    int operandCount() {
        return height;
    }

    int operandType(int position) {
        return stack[position];
    }

    Locals locals() {
        return locals;
    }

    // ---- errors ----

    InvalidModuleException invalid(String reason) {
        return new InvalidModuleException(reason, place(opcodeOffset), opcodeOffset);
    }

    String place(int offset) {
        return "section code, function " + functionIndex + ", offset 0x" + Integer.toHexString(offset);
    }

    UnsupportedFeatureException unsupported(Feature feature) {
        return new UnsupportedFeatureException(
                feature,
                "offset 0x" + Integer.toHexString(opcodeOffset) + " in function " + functionIndex,
                opcodeOffset);
    }

    private void require(boolean enabled, Feature feature) {
        if (!enabled) {
            throw unsupported(feature);
        }
    }

    // ---- operand stack ----

    private void push(int valueType) {
        if (height == stack.length) {
            growStack(height + 1);
        }
        stack[height++] = valueType;
        if (height > maxHeight) {
            maxHeight = height;
        }
    }

    private ModuleLimitException operandsExceeded(int needed) {
        return new ModuleLimitException("operands", needed, limits.operands(), place(opcodeOffset), opcodeOffset);
    }

    private void growStack(int needed) {
        if (needed > limits.operands()) {
            throw operandsExceeded(needed);
        }
        stack = Arrays.copyOf(stack, Math.min(limits.operands(), Math.max(needed, stack.length * 2)));
    }

    private int pop() {
        if (height == floor) {
            if (unreachable) {
                return BOTTOM;
            }
            throw invalid("type mismatch: the operand stack is empty");
        }
        return stack[--height];
    }

    private void pop(int expected) {
        int actual = pop();
        if (actual != expected && !module.matches(actual, expected)) {
            throw mismatch(expected, actual);
        }
    }

    private InvalidModuleException mismatch(int expected, int actual) {
        return invalid("type mismatch: expected " + ValueType.name(expected) + ", found " + ValueType.name(actual));
    }

    private void push(int[] types) {
        push(types, types.length);
    }

    private void push(int[] types, int count) {
        if (height + count > stack.length) {
            growStack(height + count);
        }
        System.arraycopy(types, 0, stack, height, count);
        height += count;
        if (height > maxHeight) {
            maxHeight = height;
        }
    }

    private void pop(int[] types) {
        pop(types, types.length);
    }

    /// Pops operands of the first `count` types.
    private void pop(int[] types, int count) {
        height -= checkOperands(types, count);
    }

    /// Checks that the operands on top have the first `count` types, and leaves them with exactly those types.
    private void popAndPush(int[] types, int count) {
        int from = height - count;
        if (from < floor || !Arrays.equals(stack, from, height, types, 0, count)) {
            pop(types, count);
            push(types, count);
        }
    }

    /// Checks the operands on top against the first `count` types and leaves the stack as it is.
    ///
    /// @return how many they are: less than `count` only in unreachable code
    private int checkOperands(int[] types, int count) {
        int present = Math.min(count, height - floor);
        int from = height - present;
        int absent = count - present;
        int differing = Arrays.mismatch(stack, from, height, types, absent, count);
        if (differing >= 0
                && !Subtyping.allMatch(stack, from + differing, types, absent + differing, present - differing)) {
            throw mismatch(types, count);
        }
        if (absent > 0 && !unreachable) {
            throw invalid("type mismatch: the operand stack is empty");
        }
        return present;
    }

    /// The first mismatch from the top.
    private InvalidModuleException mismatch(int[] types, int count) {
        int below = 1;
        while (module.matches(stack[height - below], types[count - below])) {
            below++;
        }
        return mismatch(types[count - below], stack[height - below]);
    }

    private void setUnreachable() {
        height = floor;
        unreachable = true;
    }

    // ---- blocks ----

    private int blockType() {
        long code = in.s33();
        if (code == -64) {
            return Labels.EMPTY;
        }
        if (code < 0) {
            in.position--;
            return ValueTypeReader.valueType(in, module, features, this::unsupported, true);
        }
        if (code >= module.typeCount()) {
            throw invalid("unknown type " + code);
        }
        require(features.multiValue, Feature.MULTI_VALUE);
        return Labels.TYPE_INDEX | (int) code;
    }

    private int[] parameters(int blockType) {
        if (blockType == Labels.FUNCTION) {
            return NO_TYPES;
        }
        return blockType < 0 ? module.type(blockType & ~Labels.TYPE_INDEX).parametersShared() : NO_TYPES;
    }

    private int[] results(int blockType) {
        if (blockType == Labels.FUNCTION) {
            return type.resultsShared();
        }
        if (blockType < 0) {
            return module.type(blockType & ~Labels.TYPE_INDEX).resultsShared();
        }
        return blockType == Labels.EMPTY ? NO_TYPES : labels.single(blockType);
    }

    private int[] labelTypes(int depth) {
        int at = labels.at(depth);
        int blockType = labels.blockType(at);
        return labels.opcode(at) == LOOP ? parameters(blockType) : results(blockType);
    }

    private void enter(int opcode) {
        int blockType = blockType();
        if (opcode == IF) {
            pop(I32);
        }
        int[] parameters = parameters(blockType);
        popAndPush(parameters, parameters.length);
        if (labels.depth() > limits.nesting()) {
            throw new ModuleLimitException(
                    "nesting", labels.depth(), limits.nesting(), place(opcodeOffset), opcodeOffset);
        }
        floor = height - parameters.length;
        labels.push(opcode, blockType, floor, locals.initializedCount(), unreachable);
        unreachable = false;
    }

    private void endBlock() {
        int top = labels.at(0);
        pop(results(labels.blockType(top)));
        if (height != floor) {
            throw invalid("type mismatch: " + (height - floor) + " values remain at the end of a block");
        }
        locals.resetTo(labels.initialized(top));
    }

    private void elseBranch() {
        int top = labels.at(0);
        if (labels.opcode(top) != IF) {
            throw in.malformed("unexpected else", opcodeOffset);
        }
        endBlock();
        labels.setOpcode(top, ELSE);
        unreachable = false;
        push(parameters(labels.blockType(top)));
    }

    /// @return whether it was the function's own end
    private boolean end() {
        int top = labels.at(0);
        int blockType = labels.blockType(top);
        if (labels.opcode(top) == IF && !Arrays.equals(parameters(blockType), results(blockType))) {
            requireSubtypes(parameters(blockType), results(blockType));
        }
        endBlock();
        boolean outerUnreachable = labels.pop();
        if (labels.depth() == 0) {
            unreachable = false;
            push(type.resultsShared());
            return true;
        }
        int outer = labels.at(0);
        floor = labels.height(outer);
        unreachable = outerUnreachable;
        push(results(blockType));
        return false;
    }

    private static boolean matchAll(int[] given, int[] wanted) {
        return given.length == wanted.length
                && (Arrays.equals(given, wanted) || Subtyping.allMatch(given, 0, wanted, 0, given.length));
    }

    private void requireSubtypes(int[] given, int[] wanted) {
        if (!matchAll(given, wanted)) {
            throw invalid("type mismatch: an if without else must have the same parameters and results");
        }
    }

    private int label() {
        int depth = in.u32();
        if (depth < 0 || depth >= labels.depth()) {
            throw invalid("unknown label " + Integer.toUnsignedString(depth));
        }
        return depth;
    }

    private void branchTable() {
        pop(I32);
        int count = in.u32();
        if (count < 0 || count > in.end - in.position) {
            throw in.malformed("unexpected end of section or function", opcodeOffset);
        }
        int arity = -1;
        int round = labels.nextRound();
        for (int i = 0; i <= count; i++) {
            int depth = label();
            if (!labels.markSeen(depth, round)) {
                continue;
            }
            int[] types = labelTypes(depth);
            if (arity >= 0 && types.length != arity) {
                throw invalid("type mismatch: br_table labels with " + arity + " and " + types.length + " values");
            }
            arity = types.length;
            checkOperands(types, types.length);
        }
        setUnreachable();
    }

    // ---- the instructions ----

    /// @return whether it stopped at an instruction that starts at `stop`; false at the first beyond, and at the
    ///     function's end unless that is meant
    private boolean run(int stop) {
        while (true) {
            opcodeOffset = in.position;
            if (opcodeOffset >= stop) {
                return opcodeOffset == stop;
            }
            int opcode = in.u8();
            switch (opcode) {
                case LOCAL_GET -> push(locals.get(in.u32(), this));
                case LOCAL_SET -> pop(locals.set(in.u32(), this));
                case LOCAL_TEE -> {
                    int local = locals.set(in.u32(), this);
                    pop(local);
                    push(local);
                }
                case I32_CONST -> {
                    in.s32();
                    push(I32);
                }
                case I64_CONST -> {
                    in.s64();
                    push(I64);
                }
                case F32_CONST -> {
                    in.skip(4);
                    push(F32);
                }
                case F64_CONST -> {
                    in.skip(8);
                    push(F64);
                }
                case BLOCK, LOOP, IF -> enter(opcode);
                case ELSE -> elseBranch();
                case END -> {
                    if (end()) {
                        if (!in.atEnd()) {
                            throw in.malformed(
                                    "section size mismatch: bytes after the end of the function", in.position);
                        }
                        return in.position == stop;
                    }
                }
                case BR -> {
                    pop(labelTypes(label()));
                    setUnreachable();
                }
                case BR_IF -> {
                    int depth = label();
                    pop(I32);
                    int[] types = labelTypes(depth);
                    popAndPush(types, types.length);
                }
                case CALL -> call(function());
                case DROP -> pop();
                default -> {
                    if (opcode >= I32_EQZ && opcode <= I64_EXTEND32_S) {
                        numeric(opcode);
                    } else if (opcode >= I32_LOAD && opcode <= I64_STORE32) {
                        access(opcode);
                    } else {
                        other(opcode);
                    }
                }
            }
        }
    }

    private void numeric(int opcode) {
        if (opcode >= I32_EXTEND8_S) {
            require(features.signExtension, Feature.SIGN_EXTENSION);
        }
        int signature = Instructions.signature(opcode);
        int operand = NUMBER_TYPES[signature & 3];
        if ((signature & 16) != 0) {
            pop(operand);
        }
        pop(operand);
        push(NUMBER_TYPES[signature >> 2 & 3]);
    }

    private void access(int opcode) {
        int natural = Instructions.widthLog2(opcode);
        int flags = in.u32();
        int memory = 0;
        if ((flags & 0x40) != 0) {
            require(features.multiMemory, Feature.MULTI_MEMORY);
            flags &= ~0x40;
            memory = in.u32();
        }
        if (flags < 0 || flags >= 64) {
            throw in.malformed("malformed memop flags", opcodeOffset);
        }
        long offset = in.u64();
        requireMemory(memory);
        if (flags > natural) {
            throw invalid("alignment must not be larger than natural");
        }
        if (offset < 0 || offset > 0xFFFF_FFFFL) {
            throw invalid("offset out of range");
        }
        int valueType = Instructions.accessType(opcode);
        if (opcode >= I32_STORE) {
            pop(valueType);
            pop(I32);
        } else {
            pop(I32);
            push(valueType);
        }
    }

    private void other(int opcode) {
        switch (opcode) {
            case UNREACHABLE -> setUnreachable();
            case NOP -> {}
            case BR_TABLE -> branchTable();
            case RETURN -> {
                pop(type.resultsShared());
                setUnreachable();
            }
            case CALL_INDIRECT -> call(indirect());
            case RETURN_CALL -> tailCall(function());
            case RETURN_CALL_INDIRECT -> tailCall(indirect());
            case CALL_REF -> call(reference());
            case RETURN_CALL_REF -> tailCall(reference());
            case SELECT -> select();
            case SELECT_TYPED -> selectTyped();
            case GLOBAL_GET -> push(global().valueType());
            case GLOBAL_SET -> {
                GlobalType global = global();
                if (!global.mutable()) {
                    throw invalid("immutable global");
                }
                pop(global.valueType());
            }
            case TABLE_GET -> {
                require(features.referenceTypes, Feature.REFERENCE_TYPES);
                int element = table().elementType();
                pop(I32);
                push(element);
            }
            case TABLE_SET -> {
                require(features.referenceTypes, Feature.REFERENCE_TYPES);
                pop(table().elementType());
                pop(I32);
            }
            case MEMORY_SIZE -> {
                memory();
                push(I32);
            }
            case MEMORY_GROW -> {
                memory();
                pop(I32);
                push(I32);
            }
            case REF_NULL, REF_IS_NULL, REF_FUNC, REF_AS_NON_NULL, BR_ON_NULL, BR_ON_NON_NULL -> references(opcode);
            case PREFIX_FC -> prefixed(PREFIX_FC << 8, in.u32());
            default -> throw unknown(opcode);
        }
    }

    private RuntimeException unknown(int opcode) {
        Feature feature = Instructions.unsupported(opcode);
        if (feature != null) {
            return unsupported(feature);
        }
        return in.malformed("illegal opcode " + Integer.toHexString(opcode), opcodeOffset);
    }

    private void references(int opcode) {
        require(features.referenceTypes, Feature.REFERENCE_TYPES);
        switch (opcode) {
            case REF_NULL -> push(NULLABLE | ValueTypeReader.heapType(in, module, features, this::unsupported));
            case REF_IS_NULL -> {
                popAnyReference();
                push(I32);
            }
            case REF_FUNC -> {
                int index = in.u32();
                if (index < 0 || index >= module.functionCount()) {
                    throw invalid("unknown function " + Integer.toUnsignedString(index));
                }
                if (!module.isDeclared(index)) {
                    throw invalid("undeclared function reference");
                }
                if (!module.declared.get(index) && !module.refersByExport) {
                    module.refersByExport = true; // found while the module is decoded, and only read later
                }
                push(module.referenceTo(index, features.functionReferences));
            }
            case REF_AS_NON_NULL -> {
                require(features.functionReferences, Feature.FUNCTION_REFERENCES);
                push(nonNull(popAnyReference()));
            }
            case BR_ON_NULL -> {
                require(features.functionReferences, Feature.FUNCTION_REFERENCES);
                int depth = label();
                int reference = popAnyReference();
                int[] types = labelTypes(depth);
                popAndPush(types, types.length);
                push(nonNull(reference));
            }
            default -> branchOnNonNull();
        }
    }

    private void branchOnNonNull() {
        require(features.functionReferences, Feature.FUNCTION_REFERENCES);
        int[] types = labelTypes(label());
        int reference = nonNull(popAnyReference());
        if (types.length == 0 || !isReference(types[types.length - 1])) {
            throw invalid("type mismatch: the label of br_on_non_null takes no reference");
        }
        int last = types[types.length - 1];
        if (!module.matches(reference, last)) {
            throw mismatch(last, reference);
        }
        popAndPush(types, types.length - 1);
    }

    private int popAnyReference() {
        int reference = pop();
        if (reference != BOTTOM && !isReference(reference)) {
            throw invalid("type mismatch: expected a reference, found " + ValueType.name(reference));
        }
        return reference;
    }

    private static int nonNull(int reference) {
        return reference == BOTTOM ? BOTTOM : asNonNull(reference);
    }

    private FunctionType function() {
        int index = in.u32();
        if (index < 0 || index >= module.functionCount()) {
            throw invalid("unknown function " + Integer.toUnsignedString(index));
        }
        return module.functionType(index);
    }

    private FunctionType indirect() {
        int typeIndex = in.u32();
        int tableIndex = in.u32();
        if (tableIndex != 0) {
            require(features.referenceTypes, Feature.REFERENCE_TYPES);
        }
        TableType table = tableAt(tableIndex);
        FunctionType callee = typeAt(typeIndex);
        if (!module.matches(table.elementType(), FUNCREF)) {
            throw invalid("type mismatch: call_indirect needs a table of functions");
        }
        pop(I32);
        return callee;
    }

    private FunctionType reference() {
        require(features.functionReferences, Feature.FUNCTION_REFERENCES);
        int index = in.u32();
        FunctionType callee = typeAt(index);
        pop(concrete(module.canonicalType(index), true));
        return callee;
    }

    private void call(FunctionType callee) {
        pop(callee.parametersShared());
        push(callee.resultsShared());
    }

    private void tailCall(FunctionType callee) {
        require(features.tailCall, Feature.TAIL_CALL);
        pop(callee.parametersShared());
        if (!matchAll(callee.resultsShared(), type.resultsShared())) {
            throw invalid("type mismatch: the results of a tail call differ from the caller's");
        }
        setUnreachable();
    }

    private void select() {
        pop(I32);
        int second = pop();
        int first = pop();
        if (isReference(first) || isReference(second)) {
            throw invalid("type mismatch: select without a type on references");
        }
        if (first != second && first != BOTTOM && second != BOTTOM) {
            throw mismatch(first, second);
        }
        push(first == BOTTOM ? second : first);
    }

    private void selectTyped() {
        require(features.referenceTypes, Feature.REFERENCE_TYPES);
        int count = in.u32();
        if (count != 1) {
            if (count < 0 || count > in.end - in.position) {
                throw in.malformed("length out of bounds", opcodeOffset);
            }
            throw invalid("invalid result arity");
        }
        int valueType = ValueTypeReader.valueType(in, module, features, this::unsupported, true);
        pop(I32);
        pop(valueType);
        pop(valueType);
        push(valueType);
    }

    private FunctionType typeAt(int index) {
        if (index < 0 || index >= module.typeCount()) {
            throw invalid("unknown type " + Integer.toUnsignedString(index));
        }
        return module.type(index);
    }

    private TableType table() {
        return tableAt(in.u32());
    }

    private TableType tableAt(int index) {
        if (index < 0 || index >= module.tableCount()) {
            throw invalid("unknown table " + Integer.toUnsignedString(index));
        }
        return module.table(index);
    }

    private GlobalType global() {
        int index = in.u32();
        if (index < 0 || index >= module.globalCount()) {
            throw invalid("unknown global " + Integer.toUnsignedString(index));
        }
        return module.global(index);
    }

    /// A memory index, which before there could be several memories was a zero byte.
    private void memory() {
        int at = in.position;
        int index = in.u32();
        require(features.multiMemory || index == 0 && in.position == at + 1, Feature.MULTI_MEMORY);
        requireMemory(index);
    }

    private void requireMemory(int index) {
        if (index < 0 || index >= module.memoryCount()) {
            throw invalid("unknown memory " + Integer.toUnsignedString(index));
        }
    }

    private void prefixed(int prefix, int number) {
        int opcode = number < 0 || number > 0xFF ? -1 : prefix | number;
        if (opcode >= I32_TRUNC_SAT_F32_S && opcode <= I64_TRUNC_SAT_F64_U) {
            require(features.saturatingConversions, Feature.SATURATING_CONVERSIONS);
            int kind = opcode & 7;
            pop((kind & 2) == 0 ? F32 : F64);
            push(kind < 4 ? I32 : I64);
            return;
        }
        switch (opcode) {
            case MEMORY_INIT, DATA_DROP, MEMORY_COPY, MEMORY_FILL, TABLE_INIT, ELEM_DROP, TABLE_COPY -> bulk(opcode);
            case TABLE_GROW -> {
                require(features.referenceTypes, Feature.REFERENCE_TYPES);
                int element = table().elementType();
                pop(I32);
                pop(element);
                push(I32);
            }
            case TABLE_SIZE -> {
                require(features.referenceTypes, Feature.REFERENCE_TYPES);
                table();
                push(I32);
            }
            case TABLE_FILL -> {
                require(features.referenceTypes, Feature.REFERENCE_TYPES);
                int element = table().elementType();
                pop(I32);
                pop(element);
                pop(I32);
            }
            default -> throw in.malformed("illegal opcode fc " + Integer.toUnsignedString(number, 16), opcodeOffset);
        }
    }

    private void bulk(int opcode) {
        require(features.bulkMemory, Feature.BULK_MEMORY);
        switch (opcode) {
            case MEMORY_INIT -> {
                int segment = in.u32();
                memory();
                dataSegment(segment);
            }
            case DATA_DROP -> dataSegment(in.u32());
            case MEMORY_COPY -> {
                memory();
                memory();
            }
            case MEMORY_FILL -> memory();
            case TABLE_INIT -> {
                int segment = in.u32();
                int element = table().elementType();
                elementSegment(segment);
                if (!module.matches(module.elementSegmentType(segment), element)) {
                    throw mismatch(element, module.elementSegmentType(segment));
                }
            }
            case ELEM_DROP -> elementSegment(in.u32());
            default -> {
                int target = table().elementType();
                int source = table().elementType();
                if (!module.matches(source, target)) {
                    throw mismatch(target, source);
                }
            }
        }
        if (opcode != DATA_DROP && opcode != ELEM_DROP) {
            pop(I32);
            pop(I32);
            pop(I32);
        }
    }

    private void dataSegment(int index) {
        if (module.declaredDataCount() < 0) {
            throw in.malformed("data count section required", opcodeOffset);
        }
        if (index < 0 || index >= module.declaredDataCount()) {
            throw invalid("unknown data segment " + Integer.toUnsignedString(index));
        }
    }

    private void elementSegment(int index) {
        if (index < 0 || index >= module.elementSegmentCount()) {
            throw invalid("unknown elem segment " + Integer.toUnsignedString(index));
        }
    }
}
