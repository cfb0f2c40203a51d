// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import gate.engine.runtime.HostFunction.Outcome;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.MemoryShape;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiPreview1;
import gate.executor.host.wasi.WasiWorld;
import java.util.List;

/// A process of its own whose standard streams a guest uses; [SystemStreamsIT] starts it. It reports on standard error,
/// but `print`, which does nothing besides printing.
final class SystemStreamsProgram {
    private static final int LIST = 16;
    private static final int RESULT = 64;
    private static final int BUFFER = 1024;
    private static final int SIZE = 200_000;

    private final Memory memory = MemoryBackend.arena().allocate(new MemoryShape(8, 8, false, 8));
    private final WasiPreview1 functions;

    private SystemStreamsProgram(Wasi wasi) {
        functions = WasiPreview1.of(wasi);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Wasi wasi = Wasi.create(List.of(), List.of(), WasiWorld.system(List.of()));
        SystemStreamsProgram program = new SystemStreamsProgram(wasi);
        switch (arguments[0]) {
            case "print" -> program.print();
            case "copy" -> program.copy();
            case "read" -> program.readAndStop();
            case "write" -> program.writeAndStop();
            case "poll" -> program.pollInput();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.exit(0);
    }

    private void buffer(int address, int length) {
        memory.storeInt(LIST, address);
        memory.storeInt(LIST + 4, length);
    }

    private Outcome make(String name, FakeCall call) {
        return functions
                .function(WasiPreview1.MODULE, name)
                .orElseThrow()
                .function()
                .call(call);
    }

    private int transfer(String name, int descriptor) {
        FakeCall call = new FakeCall(memory, descriptor, LIST, 1, RESULT);
        if (make(name, call) != Outcome.DONE || call.errno() != 0) {
            System.err.println(name + " failed: " + call.errno());
            System.exit(1);
        }
        return memory.loadInt(RESULT);
    }

    private void print() {
        String text = "hello\n";
        for (int i = 0; i < text.length(); i++) {
            memory.storeByte(BUFFER + i, (byte) text.charAt(i));
        }
        buffer(BUFFER, text.length());
        transfer("fd_write", 1);
        transfer("fd_write", 1);
    }

    private void copy() {
        while (true) {
            buffer(BUFFER, SIZE);
            int count = transfer("fd_read", 0);
            if (count == 0) {
                return;
            }
            int done = 0;
            while (done < count) {
                buffer(BUFFER + done, count - done);
                done += transfer("fd_write", 1);
            }
        }
    }

    private void readAndStop() throws InterruptedException {
        buffer(BUFFER, SIZE);
        FakeCall call = new FakeCall(memory, 0, LIST, 1, RESULT);
        suspendSoon(call);
        System.err.println(make("fd_read", call));
        // Whatever comes now must be left for the next reader.
        Thread.sleep(500);
    }

    private void writeAndStop() {
        buffer(BUFFER, SIZE);
        FakeCall call = new FakeCall(memory, 1, LIST, 1, RESULT);
        suspendSoon(call);
        long written = 0;
        Outcome outcome = Outcome.DONE;
        while (outcome == Outcome.DONE && !call.suspendRequested()) {
            outcome = make("fd_write", call);
            written += outcome == Outcome.DONE ? memory.loadInt(RESULT) : 0;
        }
        System.err.println(written);
    }

    private static void suspendSoon(FakeCall call) {
        Thread stopper = new Thread(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            call.suspend();
        });
        stopper.setDaemon(true);
        stopper.start();
    }

    private void pollInput() {
        memory.storeByte(BUFFER + 8, (byte) 1);
        memory.storeInt(BUFFER + 16, 0);
        FakeCall call = new FakeCall(memory, BUFFER, BUFFER + 1000, 1, RESULT);
        Outcome outcome = make("poll_oneoff", call);
        System.err.println(outcome + " " + memory.loadLong(BUFFER + 1016) + " " + memory.loadShort(BUFFER + 1024));
    }
}
