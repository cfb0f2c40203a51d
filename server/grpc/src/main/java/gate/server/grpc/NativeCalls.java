// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the JDK can't do: accept a connection as a descriptor, and start a process with one. Linux only;
/// numbers are those of its headers, the same on all of its 64-bit architectures.
final class NativeCalls {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SHUT_RDWR = 2;
    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int EINTR = 4;
    private static final short POSIX_SPAWN_SETPGROUP = 2;

    /// As large as glibc's structures of spawning, and larger than other libraries'.
    private static final long SPAWN_STRUCTURE_BYTES = 512;

    private static final int SOCKET_PATH_BYTES = 108;
    private static final int SIGINFO_BYTES = 128;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = call("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = call("listen", JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT = call("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SHUTDOWN = call("shutdown", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle KILL = call("kill", JAVA_INT, JAVA_INT);
    private static final MethodHandle WAITID = call("waitid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle WAITPID = call("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SPAWN =
            call("posix_spawnp", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS_INIT = call("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle ACTIONS_DESTROY = call("posix_spawn_file_actions_destroy", ADDRESS);
    private static final MethodHandle ACTIONS_OPEN =
            call("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACTIONS_DUP2 =
            call("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final Optional<MethodHandle> ACTIONS_CLOSE_FROM =
            find("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
    private static final MethodHandle ATTRIBUTES_INIT = call("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle ATTRIBUTES_DESTROY = call("posix_spawnattr_destroy", ADDRESS);
    private static final MethodHandle ATTRIBUTES_FLAGS =
            call("posix_spawnattr_setflags", ADDRESS, ValueLayout.JAVA_SHORT);

    private NativeCalls() {}

    private static MethodHandle call(String name, MemoryLayout... parameters) {
        return find(name, parameters).orElseThrow(() -> new UnsatisfiedLinkError(name));
    }

    private static Optional<MethodHandle> find(String name, MemoryLayout... parameters) {
        return LOOKUP.find(name)
                .map(address -> LINKER.downcallHandle(
                        address, FunctionDescriptor.of(JAVA_INT, parameters), Linker.Option.captureCallState("errno")));
    }

    /// What a call returns, and the error if it is -1.
    private record Result(int value, int errno) {
        int orThrow(String what) throws IOException {
            if (value < 0) {
                throw new IOException(what + " failed, error " + errno);
            }
            return value;
        }
    }

    private static Result invoke(MethodHandle handle, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            int value = (int) handle.invokeWithArguments(all);
            return new Result(value, (int) ERRNO.get(state, 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// A listening Unix socket, as a descriptor that started processes don't have.
    static int listen(Path path) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= SOCKET_PATH_BYTES) {
            throw new IOException("the path of the temporary folder is too long for a socket: " + path);
        }
        int socket = invoke(SOCKET, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0).orThrow("socket");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Short.BYTES + SOCKET_PATH_BYTES, Short.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
            invoke(BIND, socket, address, (int) address.byteSize()).orThrow("bind");
            invoke(LISTEN, socket, 1).orThrow("listen");
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        }
    }

    /// Waits for a connection. To be called by a platform thread.
    ///
    /// @return a descriptor that started processes don't have; -1 when the socket was shut down
    static int accept(int socket) {
        while (true) {
            Result result = invoke(ACCEPT, socket, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC);
            if (result.value >= 0 || result.errno != EINTR) {
                return result.value;
            }
        }
    }

    /// Ends [#accept(int)].
    static void shutdown(int socket) {
        invoke(SHUTDOWN, socket, SHUT_RDWR);
    }

    static void close(int descriptor) {
        invoke(CLOSE, descriptor);
    }

    /// Starts a process whose descriptor 3 is `socket`. It reads nothing from its standard input, and
    /// what it writes to its standard output goes where our errors go: ours belong to the program. It is
    /// a process group of its own, so that Ctrl-C, which stops and saves the program, doesn't take the
    /// service away.
    ///
    /// @return its number
    static int spawn(String executable, List<String> arguments, Map<String, String> environment, int socket)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(SPAWN_STRUCTURE_BYTES, Long.BYTES);
            MemorySegment attributes = arena.allocate(SPAWN_STRUCTURE_BYTES, Long.BYTES);
            MemorySegment process = arena.allocate(JAVA_INT);
            require(invoke(ACTIONS_INIT, actions), executable);
            require(invoke(ATTRIBUTES_INIT, attributes), executable);
            try {
                require(invoke(ACTIONS_DUP2, actions, socket, 3), executable);
                require(invoke(ACTIONS_OPEN, actions, 0, arena.allocateFrom("/dev/null"), 0, 0), executable);
                require(invoke(ACTIONS_DUP2, actions, 2, 1), executable);
                if (ACTIONS_CLOSE_FROM.isPresent()) {
                    require(invoke(ACTIONS_CLOSE_FROM.get(), actions, 4), executable);
                }
                require(invoke(ATTRIBUTES_FLAGS, attributes, POSIX_SPAWN_SETPGROUP), executable);
                List<String> variables = environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList();
                require(
                        invoke(
                                SPAWN,
                                process,
                                arena.allocateFrom(executable),
                                actions,
                                attributes,
                                strings(arena, arguments),
                                strings(arena, variables)),
                        executable);
                return process.get(JAVA_INT, 0);
            } finally {
                invoke(ACTIONS_DESTROY, actions);
                invoke(ATTRIBUTES_DESTROY, attributes);
            }
        }
    }

    /// These calls return the error.
    private static void require(Result result, String executable) throws IOException {
        switch (result.value) {
            case 0 -> {}
            case 2 -> throw new IOException(executable + " doesn't exist");
            case 8 -> throw new IOException(executable + " is nothing that this machine can run");
            case 13 -> throw new IOException(executable + " may not be run");
            default -> throw new IOException(executable + " can't be started, error " + result.value);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array; // the last one is NULL
    }

    /// Waits until a process of ours has ended; its number stays its own. To be called by a platform
    /// thread.
    static void awaitEnd(int process) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment information = arena.allocate(SIGINFO_BYTES, Long.BYTES);
            Result result;
            do {
                result = invoke(WAITID, P_PID, process, information, WEXITED | WNOWAIT);
            } while (result.value < 0 && result.errno == EINTR);
        }
    }

    /// Gives the number of a process that has ended back.
    static String ended(int process) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            invoke(WAITPID, process, status, 0);
            int value = status.get(JAVA_INT, 0);
            int signal = value & 0x7F;
            return signal == 0 ? "it ended with status " + (value >> 8 & 0xFF) : "it was ended by signal " + signal;
        }
    }

    static void kill(int process, int signal) {
        invoke(KILL, process, signal);
    }
}
