// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads types and the uses of function types, and keeps the list of all function types: those that the text defines,
/// then those that uses without a definition add.
///
/// Core specification, 6.4 "Types" and 6.6.1 "Type Uses".
final class TypeReader {
    /// Type indices that [ValueType] has room for.
    private static final int TYPE_INDEX_MAX = 0x0FFF_FFFF;

    /// What parameters may do in a place where a function type is written.
    enum ParameterNames {
        /// They name locals.
        BIND,
        /// They may be there and mean nothing.
        IGNORE,
        /// They may not be there.
        REFUSE
    }

    /// A type index, and what was written beside or instead of it.
    ///
    /// @param explicit whether an index was written
    record TypeUse(int index, boolean explicit, Signature written) {}

    private final TokenReader tokens;
    private final IndexSpace names;
    private final List<Signature> signatures = new ArrayList<>();
    private final Map<String, Integer> firstByKey = new HashMap<>();

    TypeReader(TokenReader tokens, IndexSpace names) {
        this.tokens = tokens;
        this.names = names;
    }

    List<Signature> signatures() {
        return signatures;
    }

    /// Reads what stands between `(type $id?` and the closing `)`.
    void readDefinition() {
        tokens.expectOpening("func");
        add(readSignature(ParameterNames.IGNORE, null));
        tokens.close();
    }

    private int add(Signature signature) {
        int index = signatures.size();
        signatures.add(signature);
        firstByKey.putIfAbsent(signature.key(), index);
        return index;
    }

    private int findOrAdd(Signature signature) {
        Integer known = firstByKey.get(signature.key());
        return known != null ? known : add(signature);
    }

    /// Reads the use of a function type, adding the type if there is none like it.
    ///
    /// @param locals where parameters are declared; null where they aren't locals
    int readTypeUse(ParameterNames parameterNames, @Nullable IndexSpace locals) {
        TypeUse use = readTypeUseParts(parameterNames, locals);
        return use.explicit() ? use.index() : findOrAdd(use.written());
    }

    /// Writes the type of a block: nothing, a single result, or a function type.
    void readBlockType(ByteOutput output) {
        TypeUse use = readTypeUseParts(ParameterNames.REFUSE, null);
        Signature written = use.written();
        if (use.explicit()) {
            output.writeSigned64(Integer.toUnsignedLong(use.index()));
        } else if (written.isEmpty()) {
            output.writeByte(Types.EMPTY_BLOCK);
        } else if (written.parameterCount() == 0 && written.resultCount() == 1) {
            Types.write(written.firstResult(), output);
        } else {
            output.writeSigned64(findOrAdd(written));
        }
    }

    private TypeUse readTypeUseParts(ParameterNames parameterNames, @Nullable IndexSpace locals) {
        int at = tokens.offset();
        boolean explicit = tokens.acceptOpening("type");
        int index = 0;
        if (explicit) {
            index = names.read(tokens);
            tokens.close();
        }
        Signature written = readSignature(parameterNames, locals);
        if (explicit) {
            check(index, written, at);
            if (locals != null && written.isEmpty() && isDefined(index)) {
                locals.declareAnonymous(signatures.get(index).parameterCount());
            }
        }
        return new TypeUse(index, explicit, written);
    }

    private boolean isDefined(int index) {
        return Integer.compareUnsigned(index, signatures.size()) < 0;
    }

    /// What is written out beside an index must be the type it stands for.
    private void check(int index, Signature written, int at) {
        if (written.isEmpty()) {
            return;
        }
        if (!isDefined(index)) {
            throw tokens.malformed("unknown type " + Integer.toUnsignedString(index), at);
        }
        if (!signatures.get(index).key().equals(written.key())) {
            throw tokens.malformed("inline function type differs from the type it names", at);
        }
    }

    private Signature readSignature(ParameterNames parameterNames, @Nullable IndexSpace locals) {
        IntList parameters = new IntList();
        while (tokens.acceptOpening("param")) {
            int at = tokens.offset();
            boolean named = tokens.kind() == TokenKind.IDENTIFIER && parameterNames != ParameterNames.REFUSE;
            String name = named ? tokens.acceptIdentifier() : null;
            if (name != null) {
                parameters.add(readValueType());
                if (locals != null) {
                    locals.declare(name, at, tokens);
                }
                tokens.close();
            } else {
                int before = parameters.size();
                readValueTypes(parameters);
                if (locals != null) {
                    locals.declareAnonymous(parameters.size() - before);
                }
            }
        }
        IntList results = readResults();
        if (tokens.atOpening("param") || tokens.atOpening("type")) {
            tokens.open();
            throw tokens.unexpected();
        }
        return new Signature(parameters, results);
    }

    /// Reads `(result …)` as often as it comes.
    IntList readResults() {
        IntList results = new IntList();
        while (tokens.acceptOpening("result")) {
            readValueTypes(results);
        }
        return results;
    }

    /// Reads types up to and with the closing `)`.
    void readValueTypes(IntList types) {
        while (tokens.kind() != TokenKind.RIGHT) {
            types.add(readValueType());
        }
        tokens.close();
    }

    int readValueType() {
        if (tokens.acceptKeyword("i32")) {
            return ValueType.I32;
        }
        if (tokens.acceptKeyword("i64")) {
            return ValueType.I64;
        }
        if (tokens.acceptKeyword("f32")) {
            return ValueType.F32;
        }
        if (tokens.acceptKeyword("f64")) {
            return ValueType.F64;
        }
        return readReferenceType();
    }

    int readReferenceType() {
        if (tokens.acceptKeyword("funcref")) {
            return ValueType.FUNCREF;
        }
        if (tokens.acceptKeyword("externref")) {
            return ValueType.EXTERNREF;
        }
        tokens.expectOpening("ref");
        boolean nullable = tokens.acceptKeyword("null");
        int type = readHeapType(nullable);
        tokens.close();
        return type;
    }

    /// Reads a heap type; the result is the reference type to it.
    int readHeapType(boolean nullable) {
        int nullableBit = nullable ? ValueType.NULLABLE : 0;
        if (tokens.acceptKeyword("func")) {
            return ValueType.REFERENCE | nullableBit | ValueType.HEAP_FUNC;
        }
        if (tokens.acceptKeyword("extern")) {
            return ValueType.REFERENCE | nullableBit | ValueType.HEAP_EXTERN;
        }
        int at = tokens.offset();
        int index = names.read(tokens);
        if (Integer.compareUnsigned(index, TYPE_INDEX_MAX) > 0) {
            throw tokens.malformed("unknown type " + Integer.toUnsignedString(index), at);
        }
        return ValueType.concrete(index, nullable);
    }
}
