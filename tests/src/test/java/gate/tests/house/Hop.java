// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import gate.app.instance.SessionServices;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.MemoryBackend;
import gate.engine.snapshot.Snapshot;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.server.service.Registry;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.Echo;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// A stretch of the life of `lanes.wat`, from its start or a saved file until it has come to a packet or its end; with
/// clients and services of its own, in a folder that has all that is to be known of it. `Hop FOLDER SEED NUMBER
/// PACKETS`
/// is that in a process of its own.
final class Hop {
    static final String SAVED = "saved.wasm";
    static final String CALLS = "calls";
    static final String LOG = "log";
    static final String RESULT = "result";

    private static final long SECONDS_MAX = 60;
    private static final int RANDOM_BITS_PER_MINUTE = 10 * RandomBytes.BITS_PER_MINUTE;

    private final Path folder;
    private final long seed;
    private final SplittableRandom random;
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private Hop(Path folder, long seed, int number) {
        this.folder = folder;
        this.seed = seed;
        this.random = new SplittableRandom(seed * 1_000_003 + number);
    }

    public static void main(String[] args) throws Exception {
        run(Path.of(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        System.exit(0);
    }

    /// @param number of the stretches before it
    /// @param packets until it is suspended; 0 for never
    /// @return whether the program has been suspended and saved; else it has ended
    static boolean run(Path folder, long seed, int number, int packets) throws Exception {
        return new Hop(folder, seed, number).run(packets);
    }

    private boolean run(int packets) throws Exception {
        SessionServices services = new SessionServices("house", options(), new ServiceContext("local", "house"));
        PacketTrigger trigger = new PacketTrigger(services, packets, random.split());
        Launch launch = Launch.of("house").withLog(bytes -> log.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE)));
        try (InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
                GateInstance instance = GateInstance.launch(host, trigger, program(), launch)) {
            List<Thread> clients = new ArrayList<>();
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                LaneClient client = new LaneClient(folder, lane, Lanes.input(seed, lane), random.nextLong());
                clients.add(Thread.ofVirtual().start(() -> serve(client, services)));
            }
            trigger.arm(instance);
            Status status = await(instance, trigger);
            for (Thread client : clients) {
                client.join();
            }
            if (!wrong.isEmpty()) {
                throw new IllegalStateException(wrong.toString());
            }
            append(
                    CALLS,
                    calls.stream()
                            .map(line -> line + "\n")
                            .reduce("", String::concat)
                            .getBytes(UTF_8));
            append(LOG, log.toByteArray());
            if (status.state() == State.SUSPENDED) {
                save(instance);
                return true;
            }
            if (status.state() != State.HALTED) {
                throw new IllegalStateException("the program has ended: " + status + ", " + instance.trace());
            }
            Files.writeString(folder.resolve(RESULT), Integer.toString(status.result()));
            return false;
        }
    }

    private ProgramServices.Options options() {
        Registry shared = new Registry()
                .register(new Echo())
                .register(new KeysService(calls::add, random.nextLong()))
                .register(new MillService(calls::add, random.nextLong()));
        return new ProgramServices.Options(
                shared, new OriginOptions(32_768, 100), RANDOM_BITS_PER_MINUTE, ServiceClock.system());
    }

    private Program program() throws Exception {
        Path saved = folder.resolve(SAVED);
        if (Files.exists(saved)) {
            return Program.of(Snapshot.read(
                    MemorySegment.ofArray(Files.readAllBytes(saved)), Feature.allSupported(), Limits.DEFAULT));
        }
        return Program.of(Module.parse(TextFormat.toBinary(text(), TextLimits.defaults())));
    }

    /// The program itself.
    static String text() throws IOException {
        try (InputStream in = Objects.requireNonNull(Hop.class.getResourceAsStream("/gate/tests/house/lanes.wat"))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private void serve(LaneClient client, SessionServices services) {
        try {
            client.run(services::connect);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
    }

    /// A byte that is lost somewhere has everybody wait for it.
    private Status await(GateInstance instance, PacketTrigger trigger) throws InterruptedException {
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                instance.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        if (!waiting.join(Duration.ofSeconds(SECONDS_MAX))) {
            throw new IllegalStateException("nothing happens any more, after " + trigger.count() + " packets; log: "
                    + log.toString(UTF_8) + "; calls: " + calls + wrong);
        }
        return instance.status();
    }

    private void append(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes, CREATE, APPEND);
    }

    private void save(GateInstance instance) throws Exception {
        Path file = folder.resolve(SAVED);
        try (FileChannel channel =
                FileChannel.open(file, CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            instance.snapshot(channel);
        }
    }
}
