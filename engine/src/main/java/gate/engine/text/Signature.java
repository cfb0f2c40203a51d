// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// The parameters and results of a function type, as [ValueType]s. Core specification, 2.3.8 "Function Types".
final class Signature {
    private final IntList parameters;
    private final IntList results;

    Signature(IntList parameters, IntList results) {
        this.parameters = parameters;
        this.results = results;
    }

    int parameterCount() {
        return parameters.size();
    }

    int resultCount() {
        return results.size();
    }

    int firstResult() {
        return results.at(0);
    }

    boolean isEmpty() {
        return parameters.size() == 0 && results.size() == 0;
    }

    /// Equal for equal signatures. A string, because a hash table copes with strings chosen to collide.
    String key() {
        StringBuilder key = new StringBuilder();
        append(parameters, key);
        key.append('>');
        append(results, key);
        return key.toString();
    }

    private static void append(IntList types, StringBuilder key) {
        for (int i = 0; i < types.size(); i++) {
            key.append((char) (types.at(i) >>> Character.SIZE)).append((char) types.at(i));
        }
    }

    void write(ByteOutput output) {
        write(parameters, output);
        write(results, output);
    }

    private static void write(IntList types, ByteOutput output) {
        output.writeUnsigned(types.size());
        for (int i = 0; i < types.size(); i++) {
            Types.write(types.at(i), output);
        }
    }
}
