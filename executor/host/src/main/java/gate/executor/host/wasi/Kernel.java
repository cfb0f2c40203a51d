// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Makes system calls. For one thread at a time; its native memory is freed when it is garbage.
///
/// A result below 0 is a negated Linux error number, as in the kernel. An interrupted call is made again.
final class Kernel {
    static final int EINTR = 4;

    /// The one linked native function: in a class of its own, so that it is linked at the first call.
    private static final class Linked {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
        static final MethodHandle SYSCALL = link();

        private Linked() {}

        private static MethodHandle link() {
            if (!SystemCall.supported()) {
                throw new UnsupportedOperationException("directories and waiting for streams need Linux on x86-64 or"
                        + " arm64, and this is " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch"));
            }
            Linker linker = Linker.nativeLinker();
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(word, word, word, word, word, word, word),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));
        }
    }

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(Linked.STATE);

    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, Long.BYTES);
    }

    long call(SystemCall call, long a) {
        return call(call, a, 0, 0, 0, 0);
    }

    long call(SystemCall call, long a, long b) {
        return call(call, a, b, 0, 0, 0);
    }

    long call(SystemCall call, long a, long b, long c) {
        return call(call, a, b, c, 0, 0);
    }

    long call(SystemCall call, long a, long b, long c, long d) {
        return call(call, a, b, c, d, 0);
    }

    long call(SystemCall call, long a, long b, long c, long d, long e) {
        while (true) {
            long result = once(call.number(), a, b, c, d, e);
            if (result != -EINTR || call == SystemCall.CLOSE) {
                return result;
            }
        }
    }

    private long once(long number, long a, long b, long c, long d, long e) {
        long result;
        try {
            result = (long) Linked.SYSCALL.invokeExact(state, number, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw new IllegalStateException("system call " + number + " could not be made", thrown);
        }
        return result == -1 ? -(int) Linked.ERRNO.get(state, 0L) : result;
    }

    /// The result, where the call did not fail.
    static long check(long result) {
        if (result < 0) {
            throw new WasiError(Errno.ofLinux((int) -result));
        }
        return result;
    }
}
