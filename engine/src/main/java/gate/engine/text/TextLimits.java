// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// What the text reader accepts. The binary it makes is never larger than a small multiple of the text, so that one
/// limit bounds time and memory; the decoder's limits then apply to the binary.
///
/// @param textBytesMax length of the text as UTF-8: 64 MiB hold every module a person or a disassembler would write,
///     and keep the reader below about 1 GiB of heap (16 bytes per byte of text, measured on texts made to need much)
public record TextLimits(int textBytesMax) {
    private static final TextLimits DEFAULTS = new TextLimits(64 << 20);

    public TextLimits {
        if (textBytesMax < 0) {
            throw new IllegalArgumentException("textBytesMax must not be negative: " + textBytesMax);
        }
    }

    public static TextLimits defaults() {
        return DEFAULTS;
    }
}
