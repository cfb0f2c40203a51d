// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// The parameters and results of a function type, as [ValueType]s. Core specification, 2.3.8 "Function Types".
final class Signature {
    private static final int[] NO_TYPES = {};

    private final int[] parameters;
    private final int[] results;

    Signature(IntList parameters, IntList results) {
        this.parameters = compact(parameters);
        this.results = compact(results);
    }

    /// A module can have a hundred thousand empty ones.
    private static int[] compact(IntList types) {
        return types.size() == 0 ? NO_TYPES : types.toArray();
    }

    int parameterCount() {
        return parameters.length;
    }

    int resultCount() {
        return results.length;
    }

    int firstResult() {
        return results[0];
    }

    boolean isEmpty() {
        return parameters.length == 0 && results.length == 0;
    }

    /// Equal for equal signatures. A string, because a hash table copes with strings chosen to collide.
    String key() {
        StringBuilder key = new StringBuilder();
        append(parameters, key);
        key.append('>');
        append(results, key);
        return key.toString();
    }

    private static void append(int[] types, StringBuilder key) {
        for (int type : types) {
            key.append((char) (type >>> Character.SIZE)).append((char) type);
        }
    }

    void write(ByteOutput output) {
        write(parameters, output);
        write(results, output);
    }

    private static void write(int[] types, ByteOutput output) {
        output.writeUnsigned(types.length);
        for (int type : types) {
            Types.write(type, output);
        }
    }
}
