// SPDX-License-Identifier: Apache-2.0

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import java.nio.file.Files;
import java.nio.file.Path;

/// Translates a module from the text format to the binary one: `Assemble IN.wat OUT.wasm`. Run by examples/build.
final class Assemble {
    public static void main(String[] args) throws Exception {
        Files.write(Path.of(args[1]), TextFormat.toBinary(Files.readAllBytes(Path.of(args[0])), TextLimits.defaults()));
    }
}
