// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.Arrays;

/// The locals of the function being validated: types in runs as the binary has them, so that a few bytes that declare
/// 50,000 locals cost a few bytes, and which of those without a default value have been set.
final class Locals {
    private final Limits limits;
    private FunctionType type = FunctionType.of(new int[0], new int[0]);
    private int[] runEnds = new int[16];
    private int[] runTypes = new int[16];
    private int runs;
    private int count;
    /// Types by index where expanding them costs no more than the body's size; only the first `expanded`.
    private int[] types = new int[64];

    private int expanded;
    private boolean tracked;
    private long[] initialized = new long[1];
    private int[] order = new int[16];
    private int initializedCount;

    Locals(Limits limits) {
        this.limits = limits;
    }

    int count() {
        return count;
    }

    /// The type of a local that exists.
    int type(int index) {
        if (index < expanded) {
            return types[index];
        }
        int parameters = type.parameterCount();
        if (index < parameters) {
            return type.parameter(index);
        }
        int found = Arrays.binarySearch(runEnds, 0, runs, index);
        return runTypes[found >= 0 ? found + 1 : -found - 1];
    }

    void read(
            ByteReader in, Module module, FeatureSet features, FunctionType functionType, FunctionValidator validator) {
        type = functionType;
        count = functionType.parameterCount();
        int bodyBytes = in.end - in.position;
        runs = 0;
        tracked = false;
        int groups = in.u32();
        if (groups < 0 || groups > in.end - in.position) {
            throw in.malformed("unexpected end of section or function", in.position);
        }
        long total = 0;
        long empty = 0; // groups without locals, which count too: translation reads all groups in one step
        for (int i = 0; i < groups; i++) {
            int at = in.position;
            long repeat = Integer.toUnsignedLong(in.u32());
            total += repeat;
            if (total > 0xFFFF_FFFFL) {
                throw in.malformed("too many locals", at);
            }
            empty += repeat == 0 ? 1 : 0;
            if (count + empty + repeat > limits.locals()) {
                long asked = count + empty + repeat;
                throw new ModuleLimitException("locals", asked, limits.locals(), validator.place(at), at);
            }
            int valueType = ValueTypeReader.valueType(in, module, features, validator::unsupported, true);
            if (repeat > 0) {
                tracked |= !ValueType.isDefaultable(valueType);
                count += (int) repeat;
                addRun(valueType);
            }
        }
        expand(bodyBytes);
        resetInitialized();
    }

    private void addRun(int valueType) {
        if (runs == runEnds.length) {
            runEnds = Arrays.copyOf(runEnds, runs * 2);
            runTypes = Arrays.copyOf(runTypes, runs * 2);
        }
        runEnds[runs] = count;
        runTypes[runs++] = valueType;
    }

    private void expand(int bodyBytes) {
        int most = Math.min(count, 64 + bodyBytes);
        if (types.length < most) {
            types = new int[Math.max(most, types.length * 2)];
        }
        int at = Math.min(most, type.parameterCount());
        System.arraycopy(type.parametersShared(), 0, types, 0, at);
        for (int run = 0; run < runs && at < most; run++) {
            int to = Math.min(most, runEnds[run]);
            Arrays.fill(types, at, to, runTypes[run]);
            at = to;
        }
        expanded = at;
    }

    private void resetInitialized() {
        initializedCount = 0;
        if (!tracked) {
            return;
        }
        int words = (count >> 6) + 1;
        if (initialized.length < words) {
            initialized = new long[words];
        } else {
            Arrays.fill(initialized, 0, words, 0);
        }
    }

    int get(int index, FunctionValidator validator) {
        require(index, validator);
        int valueType = type(index);
        if (tracked && !ValueType.isDefaultable(valueType) && index >= type.parameterCount() && !isInitialized(index)) {
            throw validator.invalid("uninitialized local " + index);
        }
        return valueType;
    }

    int set(int index, FunctionValidator validator) {
        require(index, validator);
        int valueType = type(index);
        if (tracked && !ValueType.isDefaultable(valueType) && index >= type.parameterCount()) {
            initialize(index);
        }
        return valueType;
    }

    private void require(int index, FunctionValidator validator) {
        if (index < 0 || index >= count) {
            throw validator.invalid("unknown local " + Integer.toUnsignedString(index));
        }
    }

    /// Whether a local holds a value of its type: it has a default, is a parameter, or has been set.
    boolean holdsValue(int index) {
        return index < type.parameterCount() || ValueType.isDefaultable(type(index)) || isInitialized(index);
    }

    private boolean isInitialized(int index) {
        return (initialized[index >> 6] & 1L << index) != 0;
    }

    private void initialize(int index) {
        if (isInitialized(index)) {
            return;
        }
        initialized[index >> 6] |= 1L << index;
        if (initializedCount == order.length) {
            order = Arrays.copyOf(order, initializedCount * 2);
        }
        order[initializedCount++] = index;
    }

    int initializedCount() {
        return initializedCount;
    }

    /// Forgets what has been set since there were `earlier` set ones: at the end of a block.
    void resetTo(int earlier) {
        while (initializedCount > earlier) {
            int index = order[--initializedCount];
            initialized[index >> 6] &= ~(1L << index);
        }
    }
}
