// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.ModuleException;
import gate.tests.fuzz.WatchedInputs;
import gate.tests.spec.TestSuite.ScriptFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Texts of the official suite with seeded damage: the reader gives a module or one of its declared exceptions, and
/// never much more bytes than the text has.
final class TextFormatFuzzTest {
    /// Set to a larger number for a long run.
    private static final int INPUTS = Integer.getInteger("gate.fuzz.inputs", 30_000);

    private static final long SEED = Long.getLong("gate.fuzz.seed", 1);

    private static final Duration HANG = Duration.ofSeconds(10);

    private static final int TEXT_BYTES_MAX = 4_000;

    /// Damage that is likelier to be read on than single bytes are.
    private static final String[] WORDS = {
        "(",
        ")",
        "(func ",
        "(if ",
        "(then ",
        "(else ",
        "end ",
        "else ",
        "block ",
        "(type 0)",
        "(param i32)",
        "(result i64)",
        "(ref null 0) ",
        "$x ",
        "$\"x\" ",
        "0 ",
        "4294967295 ",
        "-1 ",
        "nan:0x1 ",
        "0x1p-1074 ",
        "\"\\u{1F600}\" ",
        ";;",
        "(;",
        ";)",
        "(@a ",
        "(export \"\")",
        "(import \"\" \"\")",
        "(elem ",
        "(data ",
        "declare ",
        "memory.init ",
        "offset=0 ",
        "select (result i32) ",
        "br_table 0 0 ",
        "call_indirect ",
        "(local $x i32)",
        "\\",
        "\"",
        "\u0000",
        "é"
    };

    @Test
    void damagedTextsGiveAModuleOrADeclaredException() throws Exception {
        TestSuite suite = TestSuite.findOrSkip("damaged texts");
        List<byte[]> texts = texts(suite);
        AtomicInteger read = new AtomicInteger();
        WatchedInputs.tryAll(0, INPUTS, HANG, input -> {
            Random random = new Random(SEED * 1_000_003 + input);
            byte[] text = damage(texts.get(random.nextInt(texts.size())), random);
            try {
                byte[] binary = TextFormat.toBinary(text, TextLimits.defaults());
                assertThat(binary.length).isLessThanOrEqualTo(2 * text.length + 100);
                read.incrementAndGet();
            } catch (ModuleException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        });
        assertThat(read.get()).as("texts that were still read").isGreaterThan(INPUTS / 100);
    }

    private static List<byte[]> texts(TestSuite suite) throws IOException {
        List<byte[]> texts = new ArrayList<>();
        for (ScriptFile script : suite.scripts()) {
            byte[] all = Files.readAllBytes(script.path());
            for (Command command : script.read()) {
                if (command instanceof Command.DefineAndInstantiate define
                        && define.module() instanceof ModuleSource.Text text
                        && text.source().to() - text.source().from() <= TEXT_BYTES_MAX) {
                    texts.add(Arrays.copyOfRange(
                            all, text.source().from(), text.source().to()));
                }
            }
        }
        return texts;
    }

    private static byte[] damage(byte[] original, Random random) {
        byte[] text = original;
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            int from = random.nextInt(text.length + 1);
            int to = Math.min(text.length, from + random.nextInt(12));
            byte[] replacement = switch (random.nextInt(4)) {
                case 0 -> new byte[0];
                case 1 -> new byte[] {(byte) random.nextInt(256)};
                case 2 -> WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
                default -> {
                    int copied = random.nextInt(original.length);
                    yield Arrays.copyOfRange(original, copied, Math.min(original.length, copied + random.nextInt(200)));
                }
            };
            text = replace(text, from, random.nextBoolean() ? from : to, replacement);
        }
        return text;
    }

    private static byte[] replace(byte[] text, int from, int to, byte[] replacement) {
        byte[] result = Arrays.copyOf(text, text.length - (to - from) + replacement.length);
        System.arraycopy(replacement, 0, result, from, replacement.length);
        System.arraycopy(text, to, result, from + replacement.length, text.length - to);
        return result;
    }
}
