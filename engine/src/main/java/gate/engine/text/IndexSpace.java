// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.LinkedHashMap;
import java.util.Map;

/// Functions, types, locals and so on, each kind numbered from 0, some with a name. Core specification, 6.4 "Contexts".
final class IndexSpace {
    private final String kind;
    private final Map<String, Integer> indices = new LinkedHashMap<>();
    private int count;

    /// @param kind the word that messages use
    IndexSpace(String kind) {
        this.kind = kind;
    }

    int count() {
        return count;
    }

    /// Names in the order of their indices.
    Map<String, Integer> names() {
        return indices;
    }

    void declareAnonymous(int number) {
        count = Math.addExact(count, number);
    }

    /// Gives the next index to the identifier that comes next, or to nothing if none does.
    void declare(TokenReader tokens) {
        int at = tokens.offset();
        String name = tokens.acceptIdentifier();
        if (name != null) {
            declare(name, at, tokens);
        } else {
            count++;
        }
    }

    void declare(String name, int at, TokenReader tokens) {
        if (indices.putIfAbsent(name, count) != null) {
            throw tokens.malformed("duplicate " + kind + " $" + name, at);
        }
        count++;
    }

    /// Reads an index: a number or an identifier.
    int read(TokenReader tokens) {
        int at = tokens.offset();
        String name = tokens.acceptIdentifier();
        if (name == null) {
            return tokens.unsigned32();
        }
        Integer index = indices.get(name);
        if (index == null) {
            throw tokens.malformed("unknown " + kind + " $" + name, at);
        }
        return index;
    }

    static boolean isIndexNext(TokenReader tokens) {
        return tokens.kind() == TokenKind.IDENTIFIER || tokens.kind() == TokenKind.NATURAL;
    }

    /// Reads an index if one comes next; otherwise it is 0.
    int readOrZero(TokenReader tokens) {
        return isIndexNext(tokens) ? read(tokens) : 0;
    }
}
