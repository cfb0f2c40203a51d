// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import java.util.Arrays;

/// Evaluates validated constant expressions: core specification 4.4.14.
final class ConstantExpressions {
    private final Instance instance;
    private long[] stack = new long[8];

    ConstantExpressions(Instance instance) {
        this.instance = instance;
    }

    /// The value of the expression at an offset of the module.
    long evaluate(int offset) {
        return evaluate(new CodeCursor(instance.module().bytes(), offset));
    }

    private long evaluate(CodeCursor in) {
        int height = 0;
        while (true) {
            int opcode = in.opcode();
            switch (opcode) {
                case END -> {
                    return stack[0];
                }
                case I32_ADD -> stack[height - 2] = (int) (stack[height - 2] + stack[--height]);
                case I32_SUB -> stack[height - 2] = (int) (stack[height - 2] - stack[--height]);
                case I32_MUL -> stack[height - 2] = (int) (stack[height - 2] * stack[--height]);
                case I64_ADD -> stack[height - 2] = stack[height - 2] + stack[--height];
                case I64_SUB -> stack[height - 2] = stack[height - 2] - stack[--height];
                case I64_MUL -> stack[height - 2] = stack[height - 2] * stack[--height];
                default -> {
                    if (height == stack.length) {
                        stack = Arrays.copyOf(stack, height * 2);
                    }
                    stack[height++] = operand(opcode, in);
                }
            }
        }
    }

    private long operand(int opcode, CodeCursor in) {
        return switch (opcode) {
            case I32_CONST, I64_CONST -> in.s64();
            case F32_CONST -> in.i32Bits();
            case F64_CONST -> in.i64Bits();
            case GLOBAL_GET -> instance.globals[in.u32()].value;
            case REF_FUNC -> instance.reference(in.u32());
            case REF_NULL -> {
                in.s64();
                yield 0;
            }
            default -> throw new IllegalStateException("validated constant has opcode " + opcode);
        };
    }

    /// The value of the expression that a cursor stands at.
    long next(CodeCursor in) {
        return evaluate(in);
    }
}
