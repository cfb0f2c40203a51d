// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.text.TokenKind;
import gate.engine.text.TokenReader;
import java.util.ArrayList;
import java.util.List;

/// Reads a script's arguments and expected results.
final class ConstantReader {
    private final TokenReader tokens;

    ConstantReader(TokenReader tokens) {
        this.tokens = tokens;
    }

    List<Value> readArguments() {
        List<Value> arguments = new ArrayList<>();
        while (tokens.kind() == TokenKind.LEFT) {
            if (!(readExpectation() instanceof Expectation.Exactly(Value value))) {
                throw tokens.malformed("an argument must be a value");
            }
            arguments.add(value);
        }
        return arguments;
    }

    List<Expectation> readExpectations() {
        List<Expectation> expectations = new ArrayList<>();
        while (tokens.kind() == TokenKind.LEFT) {
            if (tokens.acceptOpening("either")) {
                expectations.add(new Expectation.Either(readAlternatives()));
                tokens.close();
            } else {
                expectations.add(readExpectation());
            }
        }
        return expectations;
    }

    private List<Expectation> readAlternatives() {
        List<Expectation> alternatives = new ArrayList<>();
        while (tokens.kind() == TokenKind.LEFT) {
            alternatives.add(readExpectation());
        }
        return alternatives;
    }

    private Expectation readExpectation() {
        tokens.open();
        String word = tokens.text();
        if (tokens.kind() != TokenKind.KEYWORD) {
            throw tokens.unexpected();
        }
        tokens.advance();
        Expectation expectation = switch (word) {
            case "i32.const" -> new Expectation.Exactly(new Value.I32(tokens.i32()));
            case "i64.const" -> new Expectation.Exactly(new Value.I64(tokens.i64()));
            case "f32.const" -> readFloat(Float.SIZE);
            case "f64.const" -> readFloat(Double.SIZE);
            case "v128.const" -> readVector();
            case "ref.null" -> readNull();
            case "ref.extern" -> readReference("extern");
            case "ref.host" -> new Expectation.Exactly(new Value.HostReference(tokens.i32()));
            default -> {
                if (!word.startsWith("ref.")) {
                    throw tokens.malformed("no constant: " + word);
                }
                yield new Expectation.AnyReference(word.substring("ref.".length()));
            }
        };
        tokens.close();
        return expectation;
    }

    private Expectation readNull() {
        if (tokens.kind() == TokenKind.RIGHT) {
            return new Expectation.AnyNull();
        }
        String heapType = tokens.text();
        tokens.advance();
        return new Expectation.Exactly(new Value.NullReference(heapType));
    }

    private Expectation readReference(String kind) {
        return tokens.kind() == TokenKind.NATURAL
                ? new Expectation.Exactly(new Value.ExternReference(tokens.i32()))
                : new Expectation.AnyReference(kind);
    }

    private Expectation readFloat(int bits) {
        if (tokens.acceptKeyword("nan:canonical")) {
            return new Expectation.NotANumber(bits, true);
        }
        if (tokens.acceptKeyword("nan:arithmetic")) {
            return new Expectation.NotANumber(bits, false);
        }
        return new Expectation.Exactly(bits == Float.SIZE ? new Value.F32(tokens.f32()) : new Value.F64(tokens.f64()));
    }

    private Expectation readVector() {
        String shape = tokens.text();
        tokens.advance();
        return switch (shape) {
            case "i8x16" -> readIntegerLanes(Byte.SIZE);
            case "i16x8" -> readIntegerLanes(Short.SIZE);
            case "i32x4" -> readIntegerLanes(Integer.SIZE);
            case "i64x2" -> readIntegerLanes(Long.SIZE);
            case "f32x4" -> readFloatLanes(Float.SIZE);
            case "f64x2" -> readFloatLanes(Double.SIZE);
            default -> throw tokens.malformed("no vector shape: " + shape);
        };
    }

    private Expectation readIntegerLanes(int bits) {
        long[] halves = new long[2];
        for (int lane = 0; lane < 2 * Long.SIZE / bits; lane++) {
            place(tokens.integer(bits), lane, bits, halves);
        }
        return new Expectation.Exactly(new Value.V128(halves[0], halves[1]));
    }

    private Expectation readFloatLanes(int bits) {
        List<Expectation> lanes = new ArrayList<>();
        long[] halves = new long[2];
        boolean exact = true;
        for (int lane = 0; lane < 2 * Long.SIZE / bits; lane++) {
            Expectation expectation = readFloat(bits);
            lanes.add(expectation);
            switch (expectation) {
                case Expectation.Exactly(Value.F32 value) -> place(value.bits(), lane, bits, halves);
                case Expectation.Exactly(Value.F64 value) -> place(value.bits(), lane, bits, halves);
                default -> exact = false;
            }
        }
        return exact
                ? new Expectation.Exactly(new Value.V128(halves[0], halves[1]))
                : new Expectation.Lanes(bits, lanes);
    }

    private static void place(long value, int lane, int bits, long[] halves) {
        int position = lane * bits;
        long mask = -1L >>> (Long.SIZE - bits);
        halves[position / Long.SIZE] |= (value & mask) << (position % Long.SIZE);
    }
}
