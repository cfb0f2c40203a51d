// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.text.TextSource;

/// A module as a script has it, turned into the binary format only when asked.
public sealed interface ModuleSource {
    /// @throws gate.engine.wasm.ModuleException if it is text that can't be read
    byte[] toBinary();

    /// Text that is part of the script.
    record Text(TextSource source) implements ModuleSource {
        @Override
        public byte[] toBinary() {
            return TextFormat.toBinary(source, TextLimits.defaults());
        }
    }

    /// `(module binary "…")`
    record Binary(Bytes bytes) implements ModuleSource {
        @Override
        public byte[] toBinary() {
            return bytes.copy();
        }
    }

    /// `(module quote "…")`: text in strings, in most cases because it is malformed.
    record Quote(Bytes utf8) implements ModuleSource {
        @Override
        public byte[] toBinary() {
            return TextFormat.toBinary(utf8.copy(), TextLimits.defaults());
        }
    }

    /// Bytes that don't change.
    final class Bytes {
        private final byte[] content;

        Bytes(byte[] content) {
            this.content = content.clone();
        }

        byte[] copy() {
            return content.clone();
        }
    }
}
