// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/// Writes JSON (RFC 8259) as it comes, so that a call stack of a million frames needs no memory. Pure ASCII.
final class Json {
    private final PrintStream out;
    /// For each open object or array, whether it has something in it already.
    private final Deque<Boolean> open = new ArrayDeque<>();

    private boolean afterKey;

    Json(PrintStream out) {
        this.out = out;
    }

    Json beginObject() {
        begin('{');
        return this;
    }

    Json endObject() {
        end('}');
        return this;
    }

    Json beginArray() {
        begin('[');
        return this;
    }

    Json endArray() {
        end(']');
        return this;
    }

    Json key(String name) {
        separate();
        string(name);
        out.print(": ");
        afterKey = true;
        return this;
    }

    Json value(String text) {
        separate();
        string(text);
        return this;
    }

    Json value(long number) {
        separate();
        out.print(number);
        return this;
    }

    Json value(boolean truth) {
        separate();
        out.print(truth);
        return this;
    }

    Json nothing() {
        separate();
        out.print("null");
        return this;
    }

    private void begin(char bracket) {
        separate();
        out.print(bracket);
        open.push(false);
    }

    private void end(char bracket) {
        if (open.pop()) {
            newLine();
        }
        out.print(bracket);
        if (open.isEmpty()) {
            out.print('\n');
        }
    }

    private void separate() {
        if (afterKey) {
            afterKey = false;
        } else if (!open.isEmpty()) {
            if (open.pop()) {
                out.print(',');
            }
            open.push(true);
            newLine();
        }
    }

    private void newLine() {
        out.print('\n');
        for (int i = 0; i < open.size(); i++) {
            out.print("  ");
        }
    }

    private void string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        out.print(quoted.append('"'));
    }
}
