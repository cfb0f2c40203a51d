// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.text.TextSource;
import gate.engine.text.TokenKind;
import gate.engine.text.TokenReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a script of the official suite (`.wast`). Modules in it are skipped by counting brackets; [ModuleSource]
/// reads them later.
final class ScriptReader {
    private final TextSource source;
    private final byte[] bytes;
    private final TokenReader tokens;
    private final ConstantReader constants;

    /// Lines are counted as reading goes on: each from the start would be quadratic.
    private int countedOffset;

    private int countedLine = 1;

    private ScriptReader(byte[] bytes) {
        this.bytes = bytes;
        this.source = new TextSource(bytes);
        this.tokens = new TokenReader(source);
        this.constants = new ConstantReader(tokens);
    }

    /// @throws gate.engine.wasm.MalformedModuleException if the text is no script
    static List<Command> read(byte[] utf8) {
        ScriptReader reader = new ScriptReader(utf8);
        List<Command> commands = new ArrayList<>();
        if (reader.isBareModule()) {
            commands.add(new Command.DefineAndInstantiate(1, null, new ModuleSource.Text(reader.source)));
            return commands;
        }
        while (reader.tokens.kind() != TokenKind.END) {
            commands.add(reader.readCommand());
        }
        return commands;
    }

    /// A script may also be the fields of one module.
    private boolean isBareModule() {
        return List.of("type", "import", "func", "table", "memory", "global", "tag", "export", "start", "elem", "data")
                .stream()
                .anyMatch(tokens::atOpening);
    }

    private int line() {
        while (countedOffset < tokens.offset()) {
            if (bytes[countedOffset++] == '\n') {
                countedLine++;
            }
        }
        return countedLine;
    }

    private Command readCommand() {
        int line = line();
        if (tokens.atOpening("module")) {
            return readModuleCommand(line);
        }
        if (tokens.atOpening("invoke") || tokens.atOpening("get")) {
            return new Command.Act(line, readAction());
        }
        tokens.open();
        String word = tokens.text();
        Command command = switch (word) {
            case "register" -> readRegister(line);
            case "thread" -> readThread(line);
            case "wait" -> {
                tokens.advance();
                yield new Command.AwaitThread(line, readIdentifier());
            }
            default -> readAssertion(word, line);
        };
        tokens.close();
        return command;
    }

    private Command readRegister(int line) {
        tokens.advance();
        return new Command.Register(line, tokens.name(), tokens.acceptIdentifier());
    }

    private Command readThread(int line) {
        tokens.advance();
        String name = readIdentifier();
        List<String> shared = new ArrayList<>();
        while (tokens.acceptOpening("shared")) {
            tokens.expectOpening("module");
            shared.add(readIdentifier());
            tokens.close();
            tokens.close();
        }
        List<Command> commands = new ArrayList<>();
        while (tokens.kind() == TokenKind.LEFT) {
            if (tokens.atOpening("thread")) {
                throw tokens.malformed("a thread within a thread");
            }
            commands.add(readCommand());
        }
        return new Command.StartThread(line, name, shared, commands);
    }

    private Command readAssertion(String word, int line) {
        if (tokens.kind() != TokenKind.KEYWORD || !word.startsWith("assert_")) {
            throw tokens.malformed("no command: " + word);
        }
        tokens.advance();
        return switch (word) {
            case "assert_return" -> new Command.AssertReturn(line, readAction(), constants.readExpectations());
            case "assert_trap" ->
                tokens.atOpening("module")
                        ? new Command.AssertInstantiationTraps(line, readModule(), readMessage())
                        : new Command.AssertTrap(line, readAction(), readMessage());
            case "assert_exhaustion" -> new Command.AssertExhaustion(line, readAction(), readMessage());
            case "assert_exception" -> new Command.AssertException(line, readAction());
            case "assert_malformed" -> new Command.AssertMalformed(line, readModule(), readMessage(), false);
            case "assert_malformed_custom" -> new Command.AssertMalformed(line, readModule(), readMessage(), true);
            case "assert_invalid" -> new Command.AssertInvalid(line, readModule(), readMessage(), false);
            case "assert_invalid_custom" -> new Command.AssertInvalid(line, readModule(), readMessage(), true);
            case "assert_unlinkable" -> new Command.AssertUnlinkable(line, readModule(), readMessage());
            default -> throw tokens.malformed("no assertion: " + word);
        };
    }

    private String readMessage() {
        return tokens.name();
    }

    private String readIdentifier() {
        String name = tokens.acceptIdentifier();
        if (name == null) {
            throw tokens.unexpected();
        }
        return name;
    }

    private Action readAction() {
        boolean invoke = tokens.atOpening("invoke");
        tokens.expectOpening(invoke ? "invoke" : "get");
        String instance = tokens.acceptIdentifier();
        String export = tokens.name();
        Action action = invoke
                ? new Action.Invoke(instance, export, constants.readArguments())
                : new Action.Get(instance, export);
        tokens.close();
        return action;
    }

    private Command readModuleCommand(int line) {
        int start = tokens.offset();
        tokens.expectOpening("module");
        if (tokens.acceptKeyword("instance")) {
            String instance = tokens.acceptIdentifier();
            Command command = new Command.Instantiate(line, instance, tokens.acceptIdentifier());
            tokens.close();
            return command;
        }
        boolean definition = tokens.acceptKeyword("definition");
        NamedModule module = readModuleContent(start, definition);
        return definition
                ? new Command.Define(line, module.name(), module.source())
                : new Command.DefineAndInstantiate(line, module.name(), module.source());
    }

    private ModuleSource readModule() {
        int start = tokens.offset();
        tokens.expectOpening("module");
        boolean definition = tokens.acceptKeyword("definition");
        return readModuleContent(start, definition).source();
    }

    private record NamedModule(@Nullable String name, ModuleSource source) {}

    /// @param fieldsOnly whether the text is to leave out `(module` and its words, which the text format doesn't know
    private NamedModule readModuleContent(int start, boolean fieldsOnly) {
        String name = tokens.acceptIdentifier();
        boolean binary = tokens.acceptKeyword("binary");
        if (binary || tokens.acceptKeyword("quote")) {
            ModuleSource.Bytes content = new ModuleSource.Bytes(readStrings());
            tokens.close();
            return new NamedModule(name, binary ? new ModuleSource.Binary(content) : new ModuleSource.Quote(content));
        }
        int fields = tokens.offset();
        int closing = tokens.skipToClosing();
        TextSource text = fieldsOnly ? source.range(fields, closing) : source.range(start, closing + 1);
        return new NamedModule(name, new ModuleSource.Text(text));
    }

    private byte[] readStrings() {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        while (tokens.kind() == TokenKind.STRING) {
            strings.writeBytes(tokens.string());
        }
        return strings.toByteArray();
    }
}
