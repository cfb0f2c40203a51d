// SPDX-License-Identifier: Apache-2.0
package gate.bench.modules;

import java.util.Random;

/// Kinds of modules. Those but the first are the worst cases of decoders: each has been seen to take some decoder
/// quadratic time or memory.
public enum Shape {
    /// What compilers write: functions of some hundred bytes with arithmetic, loads, stores, branches and calls.
    PROGRAM("ordinary functions"),
    LOOPS("sibling loops"),
    BLOCKS("nested blocks"),
    BRANCH_TABLES("huge branch tables"),
    LOCALS("functions with 50,000 locals"),
    CALLS("calls with 1,000 parameters and results"),
    SUBTYPES("calls whose 1,000 operands are of subtypes"),
    TYPES("many types"),
    FUNCTIONS("many empty functions");

    private static final int TYPE = 1;
    private static final int FUNCTION = 3;
    private static final int MEMORY = 5;
    private static final int EXPORT = 7;
    private static final int CODE = 10;
    private static final int MEBIBYTE = 1 << 20;
    private static final int TABLE_TARGETS = 200_000;
    private static final int LOCALS_MAX = 50_000;
    private static final int OPERANDS = 1000;
    private static final int END = 0x0B;

    private final String description;

    Shape(String description) {
        this.description = description;
    }

    public String description() {
        return description;
    }

    /// A valid module of about so many bytes; its function 0 is exported as `run`. The same for the same size.
    public byte[] module(int bytes) {
        return switch (this) {
            case TYPES -> types(Math.min(bytes, 13 * MEBIBYTE));
            case CALLS -> calls(bytes, new int[] {ModuleBytes.I32}, new int[] {ModuleBytes.I32}, new int[] {0x20, 0});
            case SUBTYPES -> calls(bytes, new int[] {0x70}, new int[] {0x64, 0x70}, new int[] {0xD0, 0x70});
            default -> functions(bytes);
        };
    }

    private byte[] functions(int bytes) {
        Random random = new Random(bytes);
        ModuleBytes code = new ModuleBytes();
        int count = 0;
        // A million functions at most, of which the function section has a byte each.
        while (code.size() + count < bytes && count < 1_000_000) {
            code.sized(body(Math.min(bytes - code.size(), MEBIBYTE), count, random));
            count++;
        }
        ModuleBytes indices = new ModuleBytes().unsigned(count);
        for (int i = 0; i < count; i++) {
            indices.unsigned(0);
        }
        ModuleBytes module = ModuleBytes.module();
        module.section(TYPE, new ModuleBytes().raw(1, 0x60, 1, ModuleBytes.I32, 1, ModuleBytes.I32));
        module.section(FUNCTION, indices);
        module.section(MEMORY, new ModuleBytes().raw(1, 0, 1));
        module.section(EXPORT, new ModuleBytes().raw(1).name("run").raw(0, 0));
        return module.section(CODE, new ModuleBytes().unsigned(count).add(code)).toArray();
    }

    private static byte[] types(int bytes) {
        ModuleBytes content = new ModuleBytes();
        int count = 0;
        while (content.size() < bytes && count < 999_999) {
            // All different: the parameters' types are the number's digits.
            content.raw(0x60).unsigned(10);
            for (int digit = 0; digit < 10; digit++) {
                content.raw(ModuleBytes.F64 + (count >> (2 * digit) & 3));
            }
            content.raw(0);
            count++;
        }
        ModuleBytes module = ModuleBytes.module();
        return module.section(TYPE, new ModuleBytes().unsigned(count).add(content))
                .toArray();
    }

    /// Functions that return at once or call function 1 again and again, with the results of the call before.
    ///
    /// @param parameter a type of function 1, which has 1,000 of it
    /// @param operand an instruction that makes one
    private static byte[] calls(int bytes, int[] parameter, int[] result, int[] operand) {
        ModuleBytes code = new ModuleBytes();
        ModuleBytes indices = new ModuleBytes();
        int count = 0;
        while (code.size() < bytes) {
            ModuleBytes body = new ModuleBytes();
            body.raw(0, 0x20, 0, 0x20, 0, 0x45, 0x0D, 0); // local.get 0, local.get 0, i32.eqz, br_if 0
            repeat(body, operand);
            int end = Math.min(bytes - code.size(), MEBIBYTE);
            while (body.size() < end) {
                body.raw(0x10, 1);
            }
            repeat(body, 0x1A);
            code.sized(body.raw(END));
            indices.raw(0);
            count++;
            if (count == 1) {
                code.sized(new ModuleBytes().raw(0, 0x03, 0x40, 0x0C, 0, END, 0, END)); // a loop without end
                indices.raw(1);
                count++;
            }
        }
        ModuleBytes types = new ModuleBytes().raw(2, 0x60, 1, ModuleBytes.I32, 1, ModuleBytes.I32, 0x60);
        repeat(types.unsigned(OPERANDS), parameter);
        repeat(types.unsigned(OPERANDS), result);
        ModuleBytes module = ModuleBytes.module();
        module.section(TYPE, types);
        module.section(FUNCTION, new ModuleBytes().unsigned(count).add(indices));
        module.section(EXPORT, new ModuleBytes().raw(1).name("run").raw(0, 0));
        return module.section(CODE, new ModuleBytes().unsigned(count).add(code)).toArray();
    }

    private static void repeat(ModuleBytes bytes, int... values) {
        for (int i = 0; i < OPERANDS; i++) {
            bytes.raw(values);
        }
    }

    /// One body of at most about `bytes`.
    private ModuleBytes body(int bytes, int function, Random random) {
        ModuleBytes body = new ModuleBytes();
        switch (this) {
            case PROGRAM -> new ProgramWriter(body, random, function).write(Math.min(bytes, 100 + random.nextInt(900)));
            case LOOPS -> {
                body.raw(0);
                while (body.size() < bytes) {
                    body.raw(0x03, 0x40, 0x20, 0, 0x0D, 0, END); // loop, local.get 0, br_if 0, end
                }
                body.raw(0x20, 0, END);
            }
            case BLOCKS -> {
                body.raw(0);
                int depth = bytes / 7;
                for (int i = 0; i < depth; i++) {
                    body.raw(0x02, 0x40);
                }
                for (int i = 0; i < depth; i++) {
                    body.raw(0x20, 0, 0x0D).unsigned(0).raw(END); // local.get 0, br_if 0, end
                }
                body.raw(0x20, 0, END);
            }
            case BRANCH_TABLES -> {
                body.raw(0);
                while (body.size() < bytes) {
                    int targets = Math.min(bytes, TABLE_TARGETS);
                    body.raw(0x02, 0x40, 0x20, 0, 0x0E).unsigned(targets);
                    for (int i = 0; i <= targets; i++) {
                        body.raw(0);
                    }
                    body.raw(END);
                }
                body.raw(0x20, 0, END);
            }
            case LOCALS -> {
                int groups = Math.min(LOCALS_MAX - 1, Math.max(1, bytes / 4));
                body.unsigned(groups);
                for (int i = 0; i < groups; i++) {
                    body.raw(1, ModuleBytes.I32 - i % 4);
                }
                while (body.size() < bytes) {
                    body.raw(0x20).unsigned(random.nextInt(groups)).raw(0x1A); // local.get, drop
                }
                body.raw(0x20, 0, END);
            }
            case FUNCTIONS, TYPES, CALLS, SUBTYPES -> body.raw(0, 0x20, 0, END);
        }
        return body;
    }
}
