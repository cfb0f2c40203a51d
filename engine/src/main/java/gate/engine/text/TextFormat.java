// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.ModuleException;
import gate.engine.wasm.ModuleLimitException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns a module written in the WebAssembly text format into the binary format.
///
/// The text is one `(module …)`, or only the fields of one. Identifiers become a name section, so that stack traces
/// speak of `$main` as the text does.
///
/// Errors are the decoder's own kinds: [MalformedModuleException] for what isn't the text format, with line and
/// column; [gate.engine.wasm.UnsupportedFeatureException] for what belongs to a feature that isn't built yet;
/// [ModuleLimitException] for a text longer than [TextLimits] allow.
public final class TextFormat {
    private TextFormat() {}

    /// @throws ModuleException if the text is no module, or none we can read
    public static byte[] toBinary(CharSequence text, TextLimits limits) {
        requireLength(text.length(), limits);
        return toBinary(encode(text), limits);
    }

    /// @param utf8 the text as UTF-8
    /// @throws ModuleException if the text is no module, or none we can read
    public static byte[] toBinary(byte[] utf8, TextLimits limits) {
        return toBinary(new TextSource(utf8), limits);
    }

    /// A module within a larger text, a script for instance: places in errors are those of the larger text.
    ///
    /// @throws ModuleException if the text is no module, or none we can read
    public static byte[] toBinary(TextSource source, TextLimits limits) {
        requireLength(source.to() - source.from(), limits);
        return new ModuleReader(new TokenReader(source)).read();
    }

    private static void requireLength(int length, TextLimits limits) {
        if (length > limits.textBytesMax()) {
            throw new ModuleLimitException("textBytesMax", length, limits.textBytesMax(), "", ModuleException.NOWHERE);
        }
    }

    private static byte[] encode(CharSequence text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] utf8 = new byte[encoded.remaining()];
            encoded.get(utf8);
            return utf8;
        } catch (CharacterCodingException e) {
            throw new MalformedModuleException("malformed UTF-8 encoding", "", ModuleException.NOWHERE);
        }
    }
}
