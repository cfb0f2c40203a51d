// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A function type (core specification 2.3.6): immutable, equal by structure, across modules too.
///
/// Parameter and result types are [ValueType] numbers relative to the module that the type comes from. A type that
/// refers to other types carries a SHA-256 digest of its whole structure, so that comparing two of them costs the same
/// however long the chain of types behind them is.
public final class FunctionType {
    private static final int[] NONE = new int[0];

    private final int[] parameters;
    private final int[] results;
    private final byte @Nullable [] structure;
    private final int hash;

    private FunctionType(int[] parameters, int[] results, byte @Nullable [] structure) {
        this.parameters = parameters.length == 0 ? NONE : parameters;
        this.results = results.length == 0 ? NONE : results;
        this.structure = structure;
        this.hash = structure == null
                ? 31 * Arrays.hashCode(parameters) + Arrays.hashCode(results)
                : Arrays.hashCode(structure);
    }

    /// A type without references to other types; the arrays are copied.
    public static FunctionType of(int[] parameters, int[] results) {
        return new FunctionType(parameters.clone(), results.clone(), null);
    }

    /// The type at `index` of a type section whose entries before it are `earlier`. Takes the arrays over.
    static FunctionType define(int[] parameters, int[] results, int index, FunctionType[] earlier) {
        if (!hasConcrete(parameters) && !hasConcrete(results)) {
            return new FunctionType(parameters, results, null);
        }
        MessageDigest digest = sha256();
        update(digest, parameters, index, earlier);
        update(digest, results, index, earlier);
        return new FunctionType(parameters, results, digest.digest());
    }

    private static boolean hasConcrete(int[] types) {
        for (int type : types) {
            if (ValueType.isConcrete(type)) {
                return true;
            }
        }
        return false;
    }

    private static void update(MessageDigest digest, int[] types, int index, FunctionType[] earlier) {
        ByteBuffer head = ByteBuffer.allocate(8);
        digest.update(head.putInt(types.length).array(), 0, 4);
        for (int type : types) {
            if (!ValueType.isConcrete(type)) {
                digest.update(head.clear().putInt(0).putInt(type).array());
                continue;
            }
            int target = ValueType.typeIndex(type);
            int nullable = ValueType.isNullable(type) ? 1 : 0;
            if (target == index) {
                digest.update(head.clear().putInt(1).putInt(nullable).array());
            } else {
                digest.update(head.clear().putInt(2).putInt(nullable).array());
                digest.update(earlier[target].fingerprint());
            }
        }
    }

    private byte[] fingerprint() {
        if (structure != null) {
            return structure;
        }
        MessageDigest digest = sha256();
        update(digest, parameters, -1, new FunctionType[0]);
        update(digest, results, -1, new FunctionType[0]);
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public int parameterCount() {
        return parameters.length;
    }

    public int resultCount() {
        return results.length;
    }

    public int parameter(int index) {
        return parameters[index];
    }

    public int result(int index) {
        return results[index];
    }

    /// A hash that whoever writes a module can't predict, and so can't make many types collide in.
    ///
    /// @param secret odd
    long hash(long secret) {
        if (structure != null) {
            return mix(ByteBuffer.wrap(structure).getLong(), secret);
        }
        long hash = parameters.length;
        for (int type : parameters) {
            hash = mix(hash ^ type, secret);
        }
        for (int type : results) {
            hash = mix(hash ^ type, secret);
        }
        return hash;
    }

    private static long mix(long value, long secret) {
        long product = value * secret;
        return product ^ product >>> 32;
    }

    int[] parametersShared() {
        return parameters;
    }

    int[] resultsShared() {
        return results;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof FunctionType that) || hash != that.hash) {
            return false;
        }
        if (structure != null || that.structure != null) {
            return Arrays.equals(structure, that.structure);
        }
        return Arrays.equals(parameters, that.parameters) && Arrays.equals(results, that.results);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// As the text format writes it, for instance `(param i32 i64) (result i32)`; `()` where there is neither.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "param", parameters);
        append(text, "result", results);
        return text.isEmpty() ? "()" : text.toString();
    }

    private static void append(StringBuilder text, String word, int[] types) {
        if (types.length == 0) {
            return;
        }
        text.append(text.isEmpty() ? "(" : " (").append(word);
        for (int type : types) {
            text.append(' ').append(ValueType.name(type));
        }
        text.append(')');
    }
}
