// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Import;
import gate.engine.wasm.Module;
import gate.executor.host.wasi.WasiFunction;
import gate.executor.host.wasi.WasiPreview1;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a program on a user's own machine can import: WASI preview 1, and nothing else.
final class GuestImports implements Imports {
    private static final int SHOWN_MAX = 40;

    private final WasiPreview1 wasi;

    GuestImports(WasiPreview1 wasi) {
        this.wasi = wasi;
    }

    @Override
    public Optional<ImportValue> find(Import wanted) {
        if (wanted.kind() != ExternalKind.FUNCTION) {
            return Optional.empty();
        }
        return wasi.function(wanted.module(), wanted.name())
                .map(function -> new ImportValue.Host(function.function(), typeOf(function)));
    }

    private static FunctionType typeOf(WasiFunction function) {
        return FunctionType.of(ints(function.parameters()), ints(function.results()));
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Says everything that a module imports in vain at once, and what there would be.
    ///
    /// @throws CommandFailure where there is any such import
    void check(Path file, Module module) {
        List<String> missing = new ArrayList<>();
        boolean misspelt = false;
        boolean old = false;
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            Optional<ImportValue> value = find(wanted);
            if (value.isEmpty()) {
                missing.add(describe(module, wanted));
                misspelt |= wanted.module().equals(WasiPreview1.MODULE);
                old |= wanted.module().equals(WasiPreview1.OLD_MODULE);
            } else if (value.get() instanceof ImportValue.Host host
                    && !host.type().equals(module.functionType(wanted.index()))) {
                missing.add(describe(module, wanted) + ", but its type is " + host.type());
            }
        }
        if (old) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    file + " was built for \"" + WasiPreview1.OLD_MODULE + "\", an older WASI whose functions have the"
                            + " same names and other meanings, and which is not supported: build it again for \""
                            + WasiPreview1.MODULE + "\"");
        }
        if (!missing.isEmpty()) {
            throw new CommandFailure(ExitCode.BAD_INPUT, sentence(file, missing, misspelt));
        }
    }

    private static String sentence(Path file, List<String> missing, boolean misspelt) {
        StringBuilder text = new StringBuilder(file + " imports what isn't there:");
        missing.stream().limit(SHOWN_MAX).forEach(line -> text.append("\n  ").append(line));
        if (missing.size() > SHOWN_MAX) {
            text.append("\n  and ").append(missing.size() - SHOWN_MAX).append(" more");
        }
        text.append("\nA program can import the functions of \"")
                .append(WasiPreview1.MODULE)
                .append("\"");
        if (misspelt) {
            text.append(": ").append(String.join(", ", WasiPreview1.names()));
        }
        return text.append('.').toString();
    }

    /// An import as the text format would put it.
    static String describe(Module module, Import wanted) {
        String type = wanted.kind() == ExternalKind.FUNCTION ? " " + module.functionType(wanted.index()) : "";
        return wanted.kind().label() + " " + Text.quoted(wanted.module()) + " " + Text.quoted(wanted.name()) + type;
    }
}
