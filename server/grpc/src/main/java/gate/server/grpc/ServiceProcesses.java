// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Starts the process of a command line whenever somebody connects, with the connection as its descriptor
/// 3, which is where services of the original expect it. So a process that has ended is started again as
/// a lost connection is made again. Thread-safe.
///
/// The socket is in a folder that only we can use, and there is one process at a time: a new connection
/// means that the one before was lost.
final class ServiceProcesses implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ServiceProcesses.class.getName());
    /// Of our own environment, what a process is given. The rest may be secrets of whoever runs us, and a service has
    /// no
    /// use for it; a command line that begins with `env` gives it more.
    private static final List<String> ENVIRONMENT = List.of("PATH", "HOME", "TMPDIR", "LANG");

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ServiceTarget.Command command;
    private final Path folder;
    private final int socket;
    private final Thread thread;

    private final Object lock = new Object();
    private @Nullable Running running;
    private @Nullable String trouble;
    private boolean closed;

    /// A process whose number is its own until [#ended] is set.
    private static final class Running {
        final int number;
        boolean ended;

        Running(int number) {
            this.number = number;
        }
    }

    private ServiceProcesses(ServiceTarget.Command command, Path folder, int socket) {
        this.command = command;
        this.folder = folder;
        this.socket = socket;
        this.thread =
                Thread.ofPlatform().daemon().name("start-" + command.label()).unstarted(this::accept);
    }

    static ServiceProcesses of(ServiceTarget.Command command) throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IOException("services can be started on Linux only; start it yourself and give its address");
        }
        Path folder = Files.createTempDirectory("gate-service-");
        try {
            ServiceProcesses processes =
                    new ServiceProcesses(command, folder, NativeCalls.listen(folder.resolve("socket")));
            processes.thread.start();
            return processes;
        } catch (IOException e) {
            delete(folder);
            throw e;
        }
    }

    /// Where to connect to.
    SocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("socket"));
    }

    /// What is wrong with the last process, if anything is.
    @Nullable
    String trouble() {
        synchronized (lock) {
            return trouble;
        }
    }

    private void accept() {
        while (true) {
            int connection = NativeCalls.accept(socket);
            if (connection < 0) {
                break;
            }
            try {
                start(connection);
            } finally {
                NativeCalls.close(connection); // the process has it, or whoever connected sees that there is none
            }
        }
        NativeCalls.close(socket);
    }

    private void start(int connection) {
        end();
        synchronized (lock) {
            if (closed) {
                return;
            }
            try {
                Running process = new Running(
                        NativeCalls.spawn(command.executable(), command.arguments(), environment(), connection));
                running = process;
                trouble = null;
                Thread.ofPlatform().daemon().name("wait-" + command.label()).start(() -> await(process));
            } catch (IOException e) {
                trouble = e.getMessage();
                LOGGER.log(System.Logger.Level.WARNING, "service not started: " + e.getMessage());
            }
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> given = new HashMap<>(System.getenv());
        given.keySet().retainAll(ENVIRONMENT);
        return given;
    }

    private void await(Running process) {
        NativeCalls.awaitEnd(process.number);
        synchronized (lock) {
            process.ended = true;
            String how = NativeCalls.ended(process.number);
            if (!closed && running == process) {
                trouble = command.label() + ": " + how;
            }
            lock.notifyAll();
        }
    }

    /// Asks the process to end, and ends it if it doesn't.
    private void end() {
        synchronized (lock) {
            Running process = running;
            if (process == null || process.ended) {
                return;
            }
            NativeCalls.kill(process.number, SIGTERM);
            long deadline = System.nanoTime() + GRACE_NANOS;
            boolean interrupted = false;
            while (!process.ended) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    NativeCalls.kill(process.number, SIGKILL);
                    break;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                    deadline = System.nanoTime();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        NativeCalls.shutdown(socket);
        end();
        delete(folder);
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve("socket"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "left behind: " + folder, e);
        }
    }
}
