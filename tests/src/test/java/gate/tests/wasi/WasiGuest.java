// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.HostFunction.Outcome;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.MemoryShape;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.Preopen;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiPreview1;
import gate.executor.host.wasi.WasiState;
import gate.executor.host.wasi.WasiWorld;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A guest's view of WASI: a memory, and functions called with numbers. Results are stored at [#RESULT].
final class WasiGuest implements AutoCloseable {
    static final String MODULE = "wasi_snapshot_preview1";

    /// Where functions store their results; 128 bytes are free.
    static final int RESULT = 64;

    /// Where buffers may be; the rest of the memory.
    static final int BUFFER = 65_536;

    static final int PAGES = 64;

    /// The first preopened directory.
    static final int DIR = 3;

    static final int CREAT = 1;
    static final int DIRECTORY = 2;
    static final int EXCL = 4;
    static final int TRUNC = 8;
    static final int FOLLOW = 1;

    static final long READ = 1L << 1;
    static final long WRITE = 1L << 6;

    static final int APPEND = 1;
    static final int NONBLOCK = 4;

    final Memory memory =
            MemoryBackend.arena().allocate(new MemoryShape(PAGES, Memory.PAGES_MAX, false, Memory.PAGES_MAX));
    final FakeClocks clocks;
    final FakeInput input;
    final FakeOutput output;
    final FakeOutput error;
    final Wasi wasi;
    private final WasiPreview1 functions;
    private int free = 4096;
    private final List<Preopen> preopens;

    private WasiGuest(WasiWorld world, Wasi wasi) {
        this.clocks = (FakeClocks) world.clocks();
        this.input = (FakeInput) world.input();
        this.output = (FakeOutput) world.output();
        this.error = (FakeOutput) world.error();
        this.wasi = wasi;
        this.functions = WasiPreview1.of(wasi);
        this.preopens = world.preopens();
    }

    static WasiGuest in(Path directory) {
        return of(world(List.of(new Preopen(directory, "/", false))));
    }

    static WasiGuest alone() {
        return of(world(List.of()));
    }

    static WasiGuest of(WasiWorld world) {
        return new WasiGuest(world, Wasi.create(List.of("program", "a b", "ä"), List.of("HOME=/", "X="), world));
    }

    static WasiWorld world(List<Preopen> preopens) {
        return new WasiWorld(
                new FakeInput(), new FakeOutput(), new FakeOutput(), new FakeClocks(), WasiGuest::countUp, preopens);
    }

    static void countUp(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i + 1);
        }
    }

    /// Goes on elsewhere: saved to bytes, and restored with the same directories, in another memory with the
    /// same contents.
    WasiGuest elsewhere() {
        return elsewhere(wasi.save(), preopens);
    }

    WasiGuest elsewhere(WasiState state, List<Preopen> given) {
        WasiWorld world = world(given);
        Wasi restored = Wasi.restore(WasiState.parse(state.toBytes()), world);
        WasiGuest guest = new WasiGuest(world, restored);
        guest.memory.slice(0, guest.memory.byteSize()).copyFrom(memory.slice(0, memory.byteSize()));
        guest.free = free;
        return guest;
    }

    FakeCall prepare(long... arguments) {
        return new FakeCall(memory, arguments);
    }

    Outcome make(String name, FakeCall call) {
        return functions.function(MODULE, name).orElseThrow().function().call(call);
    }

    /// Calls a function that completes.
    Errno call(String name, long... arguments) {
        FakeCall call = prepare(arguments);
        assertThat(make(name, call)).isEqualTo(Outcome.DONE);
        return errno(call);
    }

    static Errno errno(FakeCall call) {
        for (Errno errno : Errno.values()) {
            if (errno.code() == call.errno()) {
                return errno;
            }
        }
        throw new AssertionError("unknown error number " + call.errno());
    }

    /// Calls a function that must succeed.
    void done(String name, long... arguments) {
        assertThat(call(name, arguments)).as(name).isEqualTo(Errno.SUCCESS);
    }

    int result() {
        return memory.loadInt(RESULT);
    }

    long longResult() {
        return memory.loadLong(RESULT);
    }

    /// Puts a text into memory.
    ///
    /// @return where
    int text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    int bytes(byte... bytes) {
        if (free + bytes.length > BUFFER) {
            free = 4096;
        }
        int address = free;
        put(address, bytes);
        free += bytes.length + 1 & ~7;
        free += 8;
        return address;
    }

    void put(int address, byte... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            memory.storeByte(address + i, bytes[i]);
        }
    }

    static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    String string(long address, int length) {
        return new String(memory.slice(address, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /// Puts a list of buffers into memory; pairs of address and length.
    int buffers(int... pairs) {
        byte[] list = new byte[pairs.length * 4];
        int address = bytes(list);
        for (int i = 0; i < pairs.length; i++) {
            memory.storeInt(address + 4L * i, pairs[i]);
        }
        return address;
    }

    /// Opens as a C library does, which asks for all rights but one or both of these.
    ///
    /// @param access [#READ], [#WRITE], both or none
    Errno open(int directory, String path, int lookup, int open, long access, int flags) {
        long rights = access | ~(READ | WRITE);
        return call("path_open", directory, lookup, text(path), length(path), open, rights, -1L, flags, RESULT);
    }

    /// Opens for reading and writing.
    int opened(int directory, String path, int open) {
        assertThat(open(directory, path, FOLLOW, open, READ | WRITE, 0))
                .as(path)
                .isEqualTo(Errno.SUCCESS);
        return result();
    }

    int openedDirectory(int directory, String path) {
        assertThat(open(directory, path, FOLLOW, DIRECTORY, -1L & ~WRITE, 0))
                .as(path)
                .isEqualTo(Errno.SUCCESS);
        return result();
    }

    Errno pathCall(String name, int directory, String path) {
        return call(name, directory, text(path), length(path));
    }

    Errno stat(int directory, String path, int lookup) {
        return call("path_filestat_get", directory, lookup, text(path), length(path), RESULT);
    }

    Errno write(int descriptor, String text) {
        return call("fd_write", descriptor, buffers(text(text), length(text)), 1, RESULT);
    }

    /// Reads once.
    String read(int descriptor, int most) {
        done("fd_read", descriptor, buffers(BUFFER, most), 1, RESULT);
        return string(BUFFER, result());
    }

    @Override
    public void close() {
        wasi.close();
        memory.close();
    }
}
