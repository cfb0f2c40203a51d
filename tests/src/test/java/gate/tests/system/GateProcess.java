// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// `./gate` in a process of its own, as a user starts it: with pipes, signals and exit statuses.
public final class GateProcess implements AutoCloseable {
    private static final long SECONDS_MAX = 300;

    /// What it did, once it has ended.
    public record Ended(int status, String out, String err) {}

    private final Process process;
    private final Path out;
    private final Path err;

    private GateProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// Starts it in a folder, its standard input a pipe, its output going to files.
    public static GateProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, Repository.root().resolve("gate").toString(), List.of(arguments));
    }

    public static GateProcess start(Path folder, String program, List<String> arguments) throws IOException {
        Path out = Files.createTempFile("gate", ".out");
        Path err = Files.createTempFile("gate", ".err");
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            return new GateProcess(builder.start(), out, err);
        } catch (IOException e) {
            Files.delete(out);
            Files.delete(err);
            throw e;
        }
    }

    /// Runs it with no input.
    public static Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
        try (GateProcess process = start(folder, arguments)) {
            process.endInput();
            return process.await();
        }
    }

    public OutputStream input() {
        return process.getOutputStream();
    }

    public void write(String text) throws IOException {
        input().write(text.getBytes(StandardCharsets.UTF_8));
        input().flush();
    }

    public void endInput() throws IOException {
        input().close();
    }

    /// The script ends in `exec java`, so that its process is the one that runs the guest.
    public void signal(String name) throws IOException, InterruptedException {
        if (!signalled(name)) {
            throw new IllegalStateException("kill -" + name + " failed");
        }
    }

    /// SIGKILL, at once; nothing where it has ended by itself.
    void kill() {
        process.destroyForcibly();
    }

    /// Sends it to the process that this one has started, and nothing else runs.
    void signalOnlyChild(String name) throws IOException, InterruptedException {
        List<ProcessHandle> children = process.children().toList();
        if (children.size() != 1 || !signalled(children.getFirst().pid(), name)) {
            throw new IllegalStateException("kill -" + name + " failed; children: " + children);
        }
    }

    /// The program that it runs now: the script's `exec` has replaced what it began as.
    String program() {
        return process.info().command().orElseThrow();
    }

    /// How many processes it has started that still run.
    long children() {
        return process.descendants().count();
    }

    /// The processes that it has started, and those that they have.
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    private boolean signalled(String name) throws IOException, InterruptedException {
        return signalled(process.pid(), name);
    }

    private static boolean signalled(long process, String name) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-" + name, Long.toString(process))
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    public String out() throws IOException {
        return Files.readString(out);
    }

    public String err() throws IOException {
        return Files.readString(err);
    }

    /// Waits for what it writes to become as wanted.
    public void awaitOut(Predicate<String> wanted) throws IOException, InterruptedException {
        await(out, wanted);
    }

    public void awaitErr(Predicate<String> wanted) throws IOException, InterruptedException {
        await(err, wanted);
    }

    private void await(Path file, Predicate<String> wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!wanted.test(Files.readString(file))) {
            boolean over = !process.isAlive() && !wanted.test(Files.readString(file));
            if (over || System.nanoTime() > end) {
                AssertionError failure = new AssertionError("waited in vain; output: " + out() + "\nerrors: " + err());
                close(); // whoever waits before anything else holds it wouldn't
                throw failure;
            }
            Thread.sleep(10);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    public Ended await() throws IOException, InterruptedException {
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running; output: " + out() + "\nerrors: " + err());
        }
        return new Ended(process.exitValue(), out(), err());
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}
