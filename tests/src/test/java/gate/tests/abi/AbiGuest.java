// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.AbiHost;
import gate.engine.abi.AbiImports;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.abi.BadProgramException;
import gate.engine.abi.GateAbi;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Store;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A module of ours in the engine, with the import functions and a world of fakes. Results are stored at
/// [#RESULT].
final class AbiGuest implements AutoCloseable {
    static final int RESULT = 64;

    /// Where buffers may be.
    static final int BUFFER = 4096;

    static final int SUCCESS = 0;
    static final int AGAIN = 6;
    static final int BADF = 8;
    static final int FAULT = 21;
    static final int INVAL = 28;
    static final int NOTSOCK = 57;
    static final int PERM = 63;
    static final int NOTCAPABLE = 76;

    final FakeClock clock = new FakeClock();
    final FakePackets packets = new FakePackets(clock);
    final List<String> log = new ArrayList<>();

    /// What happens when something was logged.
    Runnable onLog = () -> {};

    final GateAbi abi;
    final Memory memory;
    private final Store store = new Store();
    private final Instance instance;
    private final Execution execution;

    /// Counts up from 1, from the beginning for each program.
    private byte lastRandom;

    private AbiGuest(Module module, AbiPolicy policy, AbiState state) {
        this.abi = new GateAbi(host(), policy, state);
        this.instance = store.allocate(module, abi);
        this.memory = instance.memory(0);
        this.execution = Execution.instantiate(instance);
        assertThat(execution.run()).isEqualTo(Status.FINISHED);
    }

    AbiHost host() {
        return new AbiHost(
                clock,
                bytes -> {
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = ++lastRandom;
                    }
                },
                bytes -> {
                    log.add(new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
                    onLog.run();
                },
                packets);
    }

    /// Has the program asked to stop after the next that it logs, which functions `..._stopped` do right
    /// before a call.
    void stopAtNextCall() {
        onLog = () -> {
            onLog = () -> {};
            execution.suspend();
        };
    }

    static AbiGuest of(String file) {
        return of(file, AbiPolicy.DEFAULT, AbiState.FRESH);
    }

    static AbiGuest of(String file, AbiPolicy policy, AbiState state) {
        return new AbiGuest(module(text(file)), policy, state);
    }

    static String text(String file) {
        try (InputStream in = AbiGuest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A module whose imports can be had.
    private static Module module(String text) {
        Module module = parse(text);
        try {
            AbiImports.check(module);
        } catch (BadProgramException e) {
            throw new AssertionError(e.publicText(), e);
        }
        return module;
    }

    static Module parse(String text) {
        return Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    Execution execution() {
        return execution;
    }

    Instance instance() {
        return instance;
    }

    /// Calls an exported function.
    Status start(String function, long... arguments) {
        execution.call(instance.exportedFunction(function).orElseThrow(), arguments);
        return execution.run();
    }

    /// Goes on as after a resumption in the same process, where it stands.
    Status resume() {
        return resume(AbiPolicy.DEFAULT);
    }

    Status resume(AbiPolicy policy) {
        abi.begin(host(), policy, abi.state());
        return execution.run();
    }

    int result() {
        return (int) execution.results()[0];
    }

    /// Calls an exported function, which returns a number.
    int call(String function, long... arguments) {
        assertThat(start(function, arguments)).as(function).isEqualTo(Status.FINISHED);
        assertThat(abi.deficiency()).as(function).isEmpty();
        return result();
    }

    /// Calls an exported function that stops the program for want of something.
    void deficient(String function, long... arguments) {
        assertThat(start(function, arguments)).as(function).isEqualTo(Status.SUSPENDED);
        assertThat(abi.deficiency().orElseThrow().function()).isEqualTo(function);
        assertThat(abi.deficiency().orElseThrow().reason()).isNotBlank();
    }

    void put(int address, byte... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            memory.storeByte(address + i, bytes[i]);
        }
    }

    byte[] bytes(int address, int length) {
        return memory.slice(address, length).toArray(ValueLayout.JAVA_BYTE);
    }

    String string(int address, int length) {
        return new String(bytes(address, length), StandardCharsets.UTF_8);
    }

    /// Puts a list of buffers at an address: pairs of address and length.
    void list(int address, int... pairs) {
        for (int i = 0; i < pairs.length; i++) {
            memory.storeInt(address + 4L * i, pairs[i]);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
