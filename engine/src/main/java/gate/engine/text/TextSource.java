// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Feature;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.UnsupportedFeatureException;
import java.util.Objects;

/// A text, or a range of one, as UTF-8 bytes (which may turn out not to be UTF-8).
///
/// The bytes aren't copied: whoever made it leaves them alone while it is read.
public final class TextSource {
    private final byte[] bytes;
    private final int from;
    private final int to;

    public TextSource(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /// The bytes from `from` to before `to`. Lines and columns are still counted from the start of `bytes`.
    public TextSource(byte[] bytes, int from, int to) {
        Objects.checkFromToIndex(from, to, bytes.length);
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /// A narrower range of the same text.
    public TextSource range(int newFrom, int newTo) {
        return new TextSource(bytes, newFrom, newTo);
    }

    byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    /// The line a byte offset lies in, from 1. Takes time in proportion to the offset.
    public int line(int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    String place(int offset) {
        int lineStart = offset;
        while (lineStart > 0 && bytes[lineStart - 1] != '\n') {
            lineStart--;
        }
        return "line " + line(offset) + ", column " + (characters(lineStart, offset) + 1);
    }

    MalformedModuleException malformed(String reason, int offset) {
        return new MalformedModuleException(reason, place(offset), characters(0, offset));
    }

    UnsupportedFeatureException unsupported(Feature feature, int offset) {
        return new UnsupportedFeatureException(feature, place(offset), characters(0, offset));
    }

    private int characters(int start, int end) {
        int count = 0;
        for (int i = start; i < end; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                count++;
            }
        }
        return count;
    }
}
