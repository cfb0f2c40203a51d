// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.engine.abi.State;
import gate.executor.host.instance.Launch;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiWorld;
import gate.server.service.origin.OriginConnection;
import gate.tests.instance.World;
import gate.tests.tidy.Repository;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Real saved programs of every kind, made by saving programs: to be forged.
final class SnapshotCorpus implements AutoCloseable {
    /// @param wasi a program of `gate run` without the `gate` profile
    record Entry(String name, byte[] file, boolean wasi) {}

    private static final String SEVERAL = """
            (module
              (type $step (func (param i64) (result i64)))
              (memory 1 4) (memory $second 1 2)
              (table $calls 3 8 funcref) (table $others 2 externref)
              (global $count (mut i64) (i64.const 5)) (global $any (mut funcref) (ref.func $step))
              (global $ratio (mut f64) (f64.const 0.5)) (global $none (mut externref) (ref.null extern))
              (data (i32.const 100) "kept") (data $passive "passive") (data (memory $second) (i32.const 8) "second")
              (elem (i32.const 0) $step $other) (elem $dropped func $step)
              (start $prepare)
              (func $prepare (data.drop $passive) (elem.drop $dropped) (i32.store $second (i32.const 60000) (i32.const 7)))
              (func $step (type $step) (i64.add (local.get 0) (global.get $count)))
              (func $other (type $step) (local f32 f64 funcref)
                (local.set 1 (f32.const 1.5)) (local.set 3 (ref.func $step))
                (loop $more
                  (global.set $count (i64.add (global.get $count) (i64.const 1)))
                  (br_if $more (i64.ne (global.get $count) (i64.const -1))))
                (local.get 0))
              (func (export "_start") (local i64)
                (loop $more
                  (local.set 0 (call_indirect (type $step) (i64.const 1) (i32.const 1)))
                  (br $more))))
            """;

    private static final String STARTING = """
            (module (memory 1)
              (start $begin)
              (func $begin (local i32 i64)
                (loop $more
                  (i32.store8 (local.get 0) (local.get 0))
                  (local.set 0 (i32.and (i32.add (local.get 0) (i32.const 1)) (i32.const 0xffff)))
                  (br $more)))
              (func (export "_start") (result i32) (i32.const 1)))
            """;

    private final World world = new World();
    private final List<Entry> entries = new ArrayList<>();

    /// Makes all of them.
    static List<Entry> make() throws Exception {
        try (SnapshotCorpus corpus = new SnapshotCorpus()) {
            corpus.addAll();
            return List.copyOf(corpus.entries);
        }
    }

    private void addAll() throws Exception {
        add("unused", stopped(text(new byte[0], SpeakingProgram.SPIN), _ -> true));
        add("services", stopped(text(speech(), SpeakingProgram.SPIN), file -> service(file, "random")));
        add("waiting", stopped(text(speech(), SpeakingProgram.RECEIVE_ALL), file -> service(file, "random")));
        add("streams", streaming());
        add("several", stopped(SEVERAL, _ -> true));
        add("starting", stopped(STARTING, _ -> true));
        World.Running never = world.launch(
                World.text(text(speech(), SpeakingProgram.SPIN)),
                Launch.of("never").asSuspended());
        add("never begun", never.snapshot());
        add("breakpoints", withBreakpoints());
        add("halted", ended(text(speech(), "(i32.const 1)"), State.HALTED));
        add("terminated", ended(text(speech(), "(call $exit (i32.const 1)) (unreachable)"), State.TERMINATED));
        add("killed", ended(text(speech(), "(unreachable)"), State.KILLED));
        add("lacking", ended(text(unfinished(), "(call $close (i32.const 4))"), State.SUSPENDED));
        add("deep", ended(text(new byte[0], "(i32.wrap_i64 (call $deep (i32.const 0)))"), State.SUSPENDED));
        for (Entry entry : List.copyOf(entries)) {
            if (FileParts.has(FileParts.of(entry.file), "gate.stack")) {
                add(entry.name + ", the original's", FileParts.asTheOriginals(entry.file));
            }
        }
        entries.add(new Entry("wasi", wasi(), true));
    }

    private void add(String name, byte[] file) {
        entries.add(new Entry(name, file, false));
    }

    private static String text(byte[] sent, String then) {
        return SpeakingProgram.text(sent, then);
    }

    /// Discovers services, which then have something to save.
    private static byte[] speech() {
        byte[] scope = "\0\1\16program:system".getBytes(StandardCharsets.ISO_8859_1);
        return SpeakingProgram.sent(List.of(
                SpeakingProgram.discover(
                        "origin", "scope", "random", "nothing of that name", "internal/test", "catalog"),
                Packet.call(0),
                Packet.call(0),
                Packet.call(1, scope),
                Packet.call(2, (byte) 200),
                Packet.call(2, (byte) 3),
                Packet.call(4, (byte) 1, (byte) 2, (byte) 3)));
    }

    private static byte[] unfinished() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(speech());
        out.writeBytes(new byte[] {40, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3});
        return out.toByteArray();
    }

    private static boolean service(byte[] file, String name) {
        return FileParts.has(FileParts.of(file), "gate.buffer")
                && new String(FileParts.content(file, "gate.buffer"), StandardCharsets.ISO_8859_1).contains(name);
    }

    /// Suspends a program that doesn't end, when its file is as wanted.
    private byte[] stopped(String text, Predicate<byte[]> wanted) throws Exception {
        World.Running running = world.launch(World.text(text), Launch.of("corpus"));
        while (true) {
            Thread.sleep(5);
            running.instance().suspend();
            State state = running.instance().await().state();
            if (state != State.SUSPENDED) {
                throw new AssertionError("it has become " + running.instance().status());
            }
            byte[] file = running.snapshot();
            if (wanted.test(file)) {
                return file;
            }
            running.instance().resume("");
        }
    }

    private byte[] ended(String text, State wanted) throws Exception {
        World.Running running = world.launch(World.text(text), Launch.of("corpus"));
        if (running.instance().await().state() != wanted) {
            throw new AssertionError("it has become " + running.instance().status());
        }
        return running.snapshot();
    }

    private byte[] withBreakpoints() throws Exception {
        World.Running running = world.launch(World.text(STARTING), Launch.of("corpus"));
        running.instance().suspend();
        running.instance().await();
        running.instance().setBreakpoints(List.of(9L)); // the local.get behind the loop
        running.instance().resume("");
        running.instance().await();
        return running.snapshot();
    }

    /// With a stream whose client has sent something, and more that the program hasn't asked for: it grants 3 bytes.
    private byte[] streaming() throws Exception {
        byte[] sent = SpeakingProgram.sent(List.of(SpeakingProgram.discover("origin"), Packet.call(0), Packet.call(0)));
        byte[] later = SpeakingProgram.sent(List.of(
                Flow.of(0, 0, 3), Data.copy(0, 0, ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)))));
        // The replies to discovery and to accept have 16 bytes each.
        String text =
                SpeakingProgram.text(sent, "(call $await (i32.const 32)) (call $rest)" + SpeakingProgram.SPIN, later);
        for (int patience = 1; ; patience *= 2) {
            World.Running running = world.launch(World.text(text), Launch.of("corpus"));
            Optional<OriginConnection> connection = running.services().connect();
            ByteArrayInputStream in = new ByteArrayInputStream("abcdefgh".getBytes(StandardCharsets.US_ASCII));
            Thread client = Thread.ofPlatform().start(() -> transfer(connection.orElseThrow(), in));
            Thread.sleep(patience);
            running.instance().suspend();
            running.instance().await();
            client.join();
            byte[] file = running.snapshot();
            if (new String(FileParts.content(file, "gate.buffer"), StandardCharsets.ISO_8859_1).contains("abc")) {
                return file;
            }
        }
    }

    private static void transfer(OriginConnection connection, ByteArrayInputStream in) {
        try {
            connection.transfer(in, OutputStream.nullOutputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] wasi() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Guest guest = Guest.of(wasiOptions(), silent())) {
            guest.execution().run();
            guest.write(Channels.newChannel(out));
        }
        return out.toByteArray();
    }

    static RunOptions wasiOptions() {
        return new RunOptions(
                Repository.root().resolve("examples/primes/primes.wasm"),
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(20_000L, 4L << 20, 1L << 20),
                new RunOptions.Stop(null, null, null));
    }

    static WasiWorld silent() {
        return new WasiWorld(
                StreamInput.empty(),
                StreamOutput.to(OutputStream.nullOutputStream()),
                StreamOutput.to(OutputStream.nullOutputStream()),
                WasiClocks.system(),
                WasiRandom.system(),
                List.of());
    }

    @Override
    public void close() {
        world.close();
    }
}
