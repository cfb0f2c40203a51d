// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.Arrays;

/// The blocks open at one point of a translation, innermost last.
final class ControlStack {
    static final int FUNCTION = 0;
    static final int BLOCK = 1;
    static final int LOOP = 2;
    static final int IF = 3;
    static final int ELSE = 4;

    /// No branch to patch.
    static final int NONE = -1;

    private static final int FIELDS = 6;

    /// Per block: kind, operand height below parameters, parameters, results, a loop's first word or the last of
    /// the
    /// branches to be patched, an if's branch to its else.
    private int[] fields = new int[16 * FIELDS];

    private int depth;

    void push(int kind, int height, int parameters, int results) {
        int at = depth * FIELDS;
        if (at == fields.length) {
            fields = Arrays.copyOf(fields, at * 2);
        }
        fields[at] = kind;
        fields[at + 1] = height;
        fields[at + 2] = parameters;
        fields[at + 3] = results;
        fields[at + 4] = NONE;
        fields[at + 5] = NONE;
        depth++;
    }

    void pop() {
        depth--;
    }

    int depth() {
        return depth;
    }

    private int at(int relative) {
        return (depth - 1 - relative) * FIELDS;
    }

    int kind(int relative) {
        return fields[at(relative)];
    }

    void setKind(int kind) {
        fields[at(0)] = kind;
    }

    int height(int relative) {
        return fields[at(relative) + 1];
    }

    int parameters(int relative) {
        return fields[at(relative) + 2];
    }

    int results(int relative) {
        return fields[at(relative) + 3];
    }

    /// Values that a branch to the label carries.
    int arity(int relative) {
        int at = at(relative);
        return fields[at] == LOOP ? fields[at + 2] : fields[at + 3];
    }

    /// A loop's first word, or the last branch to be patched.
    int link(int relative) {
        return fields[at(relative) + 4];
    }

    void setLink(int relative, int pc) {
        fields[at(relative) + 4] = pc;
    }

    int elseBranch() {
        return fields[at(0) + 5];
    }

    void setElseBranch(int pc) {
        fields[at(0) + 5] = pc;
    }
}
