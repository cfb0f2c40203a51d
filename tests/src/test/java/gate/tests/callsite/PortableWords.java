// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import gate.engine.callsite.BreakpointException;
import gate.engine.callsite.CallSites;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Stacks written out word by word, and modules as text.
final class PortableWords {
    private final List<Long> words = new ArrayList<>();

    private PortableWords() {}

    static PortableWords stack() {
        return new PortableWords();
    }

    /// A frame whose size is that of its words.
    PortableWords frame(int site, long... content) {
        return frameOf(site, 8L * (1 + content.length), content);
    }

    PortableWords frameOf(int site, long bytes, long... content) {
        words.add(bytes << 32 | site & 0xFFFF_FFFFL);
        return content(content);
    }

    PortableWords content(long... content) {
        for (long word : content) {
            words.add(word);
        }
        return this;
    }

    /// The bottom of a stack whose entry function is in progress.
    byte[] entered() {
        return frameOf(2, 0).bytes();
    }

    byte[] bytes() {
        return bytes(words.stream().mapToLong(Long::longValue).toArray());
    }

    static byte[] bytes(long... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }

    static long[] words(byte[] bytes) {
        long[] words = new long[bytes.length / 8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    static Module module(String text) {
        return Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    static CallSites sites(String text, long... breakpoints) {
        return sites(module(text), breakpoints);
    }

    static CallSites sites(Module module, long... breakpoints) {
        try {
            return CallSites.of(module, breakpoints);
        } catch (BreakpointException e) {
            throw new AssertionError(e);
        }
    }
}
