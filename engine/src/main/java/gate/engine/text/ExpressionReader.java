// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Opcode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads instruction sequences, flat and folded, with what is open kept in a list: a text can nest as deeply as it is
/// long.
///
/// A folded instruction comes before its operands in the text and after them in binary, so its bytes wait in a second
/// buffer until its `)`.
///
/// Core specification, 6.5 "Instructions", 6.5.10 "Folded Instructions".
final class ExpressionReader {
    /// What is open. The arrows are the words that lead from one to another; `)` or `end` closes.
    ///
    ///     FLAT_IF -> FLAT_ELSE            // else
    ///     FOLDED_IF -> THEN -> AFTER_THEN // (then … )
    ///     AFTER_THEN -> ELSE -> AFTER_ELSE // (else … )
    private enum Opened {
        /// `block … end`
        FLAT_BLOCK,
        FLAT_IF,
        FLAT_ELSE,
        /// `(i32.add …)`: operands only.
        FOLDED,
        /// `(block …)`
        FOLDED_BLOCK,
        /// `(if …`, before its `(then`: operands only.
        FOLDED_IF,
        AFTER_THEN,
        AFTER_ELSE,
        THEN,
        ELSE;

        boolean isSequence() {
            return switch (this) {
                case FLAT_BLOCK, FLAT_IF, FLAT_ELSE, FOLDED_BLOCK, THEN, ELSE -> true;
                case FOLDED, FOLDED_IF, AFTER_THEN, AFTER_ELSE -> false;
            };
        }
    }

    /// @param waitingFrom where the instruction's bytes start in the buffer of those that wait
    private record Frame(Opened opened, @Nullable String label, int waitingFrom) {}

    private final TokenReader tokens;
    private final InstructionReader instructions;
    private final List<Frame> frames = new ArrayList<>();
    private final ByteOutput waiting = new ByteOutput();

    private IndexSpace locals = new IndexSpace("local");
    private LabelScope labels = new LabelScope();
    private ByteOutput output = new ByteOutput();

    ExpressionReader(TokenReader tokens, ModuleContext context) {
        this.tokens = tokens;
        this.instructions = new InstructionReader(tokens, context);
    }

    /// Reads a function's body up to the `)` behind it, and writes it with its `end`.
    void readBody(IndexSpace functionLocals, ByteOutput target) {
        start(functionLocals, target);
        labels.push(null);
        readSequence();
        target.writeByte(Opcode.END);
    }

    /// Reads a constant expression up to the `)` behind it, and writes it with its `end`.
    void readConstant(ByteOutput target) {
        start(new IndexSpace("local"), target);
        readSequence();
        target.writeByte(Opcode.END);
    }

    /// Reads a constant expression that is one folded instruction, and writes it with its `end`.
    void readSingleFolded(ByteOutput target) {
        start(new IndexSpace("local"), target);
        tokens.open();
        openFolded();
        while (!frames.isEmpty()) {
            step();
        }
        target.writeByte(Opcode.END);
    }

    private void start(IndexSpace newLocals, ByteOutput target) {
        locals = newLocals;
        labels = new LabelScope();
        output = target;
        frames.clear();
    }

    private void readSequence() {
        while (!frames.isEmpty() || tokens.kind() != TokenKind.RIGHT) {
            step();
        }
    }

    private void step() {
        switch (tokens.kind()) {
            case LEFT -> {
                tokens.advance();
                openFolded();
            }
            case RIGHT -> closeFolded();
            case KEYWORD -> readFlat();
            case NATURAL, INTEGER, FLOAT, STRING, IDENTIFIER, RESERVED, END -> throw tokens.unexpected();
        }
    }

    private @Nullable Opened innermost() {
        return frames.isEmpty() ? null : frames.getLast().opened();
    }

    private void push(Opened opened, @Nullable String label) {
        frames.add(new Frame(opened, label, waiting.size()));
    }

    private void replaceInnermost(Opened opened) {
        Frame frame = frames.removeLast();
        frames.add(new Frame(opened, frame.label(), frame.waitingFrom()));
    }

    private Mnemonic readMnemonic() {
        if (tokens.kind() != TokenKind.KEYWORD) {
            throw tokens.unexpected();
        }
        Mnemonic mnemonic = Mnemonics.find(tokens.text());
        if (mnemonic == null) {
            throw tokens.unexpected();
        }
        return mnemonic;
    }

    private void openFolded() {
        Opened innermost = innermost();
        if (innermost == Opened.FOLDED_IF && tokens.acceptKeyword("then")) {
            openThen();
            return;
        }
        if (innermost == Opened.AFTER_THEN && tokens.acceptKeyword("else")) {
            output.writeByte(Opcode.ELSE);
            openPart(Opened.ELSE, frames.getLast().label());
            return;
        }
        if (innermost == Opened.AFTER_THEN || innermost == Opened.AFTER_ELSE) {
            throw tokens.unexpected();
        }
        Mnemonic mnemonic = readMnemonic();
        switch (mnemonic.immediate()) {
            case BLOCK -> {
                tokens.advance();
                openBlock(mnemonic, Opened.FOLDED_BLOCK);
            }
            case IF -> {
                tokens.advance();
                push(Opened.FOLDED_IF, tokens.acceptIdentifier());
                instructions.read(mnemonic, locals, labels, waiting);
            }
            case ELSE, END -> throw tokens.unexpected();
            default -> {
                tokens.advance();
                push(Opened.FOLDED, null);
                instructions.read(mnemonic, locals, labels, waiting);
            }
        }
    }

    private void openThen() {
        Frame frame = frames.getLast();
        output.moveTail(waiting, frame.waitingFrom());
        openPart(Opened.THEN, frame.label());
    }

    private void openPart(Opened part, @Nullable String label) {
        labels.push(label);
        push(part, null);
    }

    private void openBlock(Mnemonic mnemonic, Opened opened) {
        String label = tokens.acceptIdentifier();
        instructions.read(mnemonic, locals, labels, output);
        labels.push(label);
        push(opened, label);
    }

    private void closeFolded() {
        Opened innermost = innermost();
        switch (innermost) {
            case FOLDED -> output.moveTail(waiting, frames.getLast().waitingFrom());
            case FOLDED_BLOCK -> {
                output.writeByte(Opcode.END);
                labels.pop();
            }
            case AFTER_THEN, AFTER_ELSE -> output.writeByte(Opcode.END);
            case THEN, ELSE -> {
                tokens.advance();
                frames.removeLast();
                labels.pop();
                replaceInnermost(innermost == Opened.THEN ? Opened.AFTER_THEN : Opened.AFTER_ELSE);
                return;
            }
            case FLAT_BLOCK, FLAT_IF, FLAT_ELSE, FOLDED_IF -> throw tokens.unexpected();
            case null -> throw tokens.unexpected();
        }
        tokens.advance();
        frames.removeLast();
    }

    private void readFlat() {
        Opened innermost = innermost();
        Mnemonic mnemonic = readMnemonic();
        if (innermost != null && !innermost.isSequence()) {
            throw tokens.unexpected();
        }
        switch (mnemonic.immediate()) {
            case BLOCK -> {
                tokens.advance();
                openBlock(mnemonic, Opened.FLAT_BLOCK);
            }
            case IF -> {
                tokens.advance();
                openBlock(mnemonic, Opened.FLAT_IF);
            }
            case ELSE -> {
                if (innermost != Opened.FLAT_IF) {
                    throw tokens.unexpected();
                }
                tokens.advance();
                readMatchingLabel();
                output.writeByte(Opcode.ELSE);
                replaceInnermost(Opened.FLAT_ELSE);
            }
            case END -> closeFlat(innermost);
            default -> {
                tokens.advance();
                instructions.read(mnemonic, locals, labels, output);
            }
        }
    }

    private void closeFlat(@Nullable Opened innermost) {
        if (innermost != Opened.FLAT_BLOCK && innermost != Opened.FLAT_IF && innermost != Opened.FLAT_ELSE) {
            throw tokens.unexpected();
        }
        tokens.advance();
        readMatchingLabel();
        output.writeByte(Opcode.END);
        labels.pop();
        frames.removeLast();
    }

    /// `else` and `end` may repeat the label of what they belong to.
    private void readMatchingLabel() {
        int at = tokens.offset();
        String repeated = tokens.acceptIdentifier();
        if (repeated != null && !repeated.equals(frames.getLast().label())) {
            throw tokens.malformed("mismatching label $" + repeated, at);
        }
    }
}
