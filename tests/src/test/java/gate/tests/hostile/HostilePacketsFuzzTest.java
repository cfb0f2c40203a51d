// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.instance.SessionServices;
import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.MemoryBackend;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.server.service.Registry;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.Echo;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import gate.tests.fuzz.WatchedInputs;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Programs that send whatever comes to them, in real instances with all their services and a client: reference 1.3,
/// 1.4 and 6. `-Dgate.fuzz.packets=N` says how many packets, `-Dgate.seed=N` from which seed on.
final class HostilePacketsFuzzTest {
    private static final long PACKETS = Long.getLong("gate.fuzz.packets", 50_000);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int PACKETS_EACH = 40;
    private static final Duration HANG = Duration.ofSeconds(20);

    /// Room for what is sent; what is left of it is calls that nobody answers.
    private static final int SENT_BYTES = 4096;

    private static final byte FILL = (byte) 0xA5;
    private static final int[] VALUES = {0, 1, 2, -1, 100, 32_767, 65_536, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final String[] NAMES = {"origin", "scope", "random", "identity", "catalog", "internal/test", "x"};

    private static final byte[] EXITS = template("(i32.const 0)");
    private static final byte[] STAYS = template(SpeakingProgram.RECEIVE_ALL);

    private final AtomicLong packets = new AtomicLong();
    private final AtomicInteger violated = new AtomicInteger();
    private final AtomicInteger halted = new AtomicInteger();
    private final AtomicInteger suspended = new AtomicInteger();

    /// A program whose bytes to be sent are put in later.
    private static byte[] template(String then) {
        byte[] fill = new byte[SENT_BYTES];
        Arrays.fill(fill, FILL);
        return TextFormat.toBinary(SpeakingProgram.text(fill, then), TextLimits.defaults());
    }

    private static Module sending(byte[] template, byte[] sent) {
        byte[] module = template.clone();
        int at = 0;
        while (module[at] != FILL || module[at + 1] != FILL || module[at + 2] != FILL) {
            at++;
        }
        byte[] ignored = SpeakingProgram.sent(List.of(Packet.info(0)));
        System.arraycopy(sent, 0, module, at, sent.length);
        for (int i = sent.length; i < SENT_BYTES; i++) {
            module[at + i] = ignored[(i - sent.length) % ignored.length];
        }
        return Module.parse(module);
    }

    @Test
    void everyProgramEndsAsTheReferenceSays() throws Exception {
        Leaks leaks = new Leaks();
        try (InstanceHost host = InstanceHost.system(MemoryBackend.mapped())) {
            ProgramServices.Options options = new ProgramServices.Options(
                    new Registry().registerBuiltin(new Echo()),
                    new OriginOptions(256, 4),
                    RandomBytes.BITS_PER_MINUTE,
                    ServiceClock.system());
            leaks.begin();
            WatchedInputs.tryAll(FIRST_SEED, (PACKETS + PACKETS_EACH - 1) / PACKETS_EACH, HANG, seed -> {
                try {
                    run(host, options, new SplittableRandom(seed));
                } catch (InstanceException e) {
                    throw new AssertionError(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        System.out.println("hostile packets: " + packets + "; programs: " + violated + " violated a rule, " + halted
                + " halted, " + suspended + " suspended");
        assertThat(List.of(violated.get(), halted.get(), suspended.get())).doesNotContain(0);
        leaks.require();
    }

    private void run(InstanceHost host, ProgramServices.Options options, SplittableRandom random)
            throws InstanceException, InterruptedException {
        boolean exits = random.nextBoolean();
        byte[] sent = sent(random);
        SessionServices services = new SessionServices("fuzz", options, new ServiceContext("local", "instance"));
        Program program = Program.of(sending(exits ? EXITS : STAYS, sent));
        try (GateInstance instance = GateInstance.launch(host, services, program, Launch.of("fuzz"))) {
            Thread client = Thread.ofVirtual().start(() -> connect(services));
            if (!exits) {
                TimeUnit.MICROSECONDS.sleep(300);
                instance.suspend();
            }
            Status status = instance.await();
            client.join();
            require(status);
        }
    }

    private static void connect(SessionServices services) {
        try {
            Optional<OriginConnection> connection = services.connect();
            if (connection.isPresent()) {
                connection.get().transfer(new ByteArrayInputStream(new byte[5000]), OutputStream.nullOutputStream());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void require(Status status) {
        boolean normal = status.cause() == Cause.NORMAL && status.error().isEmpty();
        if (status.state() == State.KILLED
                && status.cause() == Cause.ABI_VIOLATION
                && !status.error().isBlank()) {
            violated.incrementAndGet();
        } else if (status.state() == State.HALTED && normal && status.result() == 0) {
            halted.incrementAndGet();
        } else if (status.state() == State.SUSPENDED && normal) {
            suspended.incrementAndGet();
        } else {
            throw new AssertionError("it has become " + status);
        }
    }

    // ---- what is sent ----

    private byte[] sent(SplittableRandom random) {
        List<Packet> all = new ArrayList<>();
        int known = 1 + random.nextInt(NAMES.length);
        all.add(SpeakingProgram.discover(Arrays.copyOf(NAMES, known)));
        int bytes = 0;
        for (int i = 1; i < PACKETS_EACH && bytes < SENT_BYTES - 512; i++) {
            // Most of them are such that the program goes on.
            Packet packet = random.nextInt(50) == 0 ? hostile(random) : usual(random, known);
            bytes += packet.size() + Packet.padding(packet.size());
            all.add(packet);
        }
        packets.addAndGet(all.size());
        byte[] sent = SpeakingProgram.sent(all);
        if (random.nextInt(5) == 0) {
            sent[random.nextInt(sent.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return sent;
    }

    private static Packet usual(SplittableRandom random, int known) {
        int code = random.nextInt(known);
        return switch (random.nextInt(6)) {
            case 0 -> SpeakingProgram.discover("nothing");
            case 1 -> Packet.info(code, content(random));
            case 2 -> Packet.call(0);
            default -> NAMES[code].equals("scope") ? Packet.call(code, (byte) 1) : Packet.call(code, content(random));
        };
    }

    private static Packet hostile(SplittableRandom random) {
        int code = random.nextInt(5) == 0 ? random.nextInt(-3, 9) : random.nextInt(3);
        int stream = random.nextInt(4) == 0 ? VALUES[random.nextInt(VALUES.length)] : 0;
        return switch (random.nextInt(5)) {
            case 0 -> Flow.of(code, stream, VALUES[random.nextInt(VALUES.length)]);
            case 1 -> Data.copy(code, stream, ByteBuffer.allocate(random.nextInt(300)));
            case 2 -> Packet.of(code, Domain.of(random.nextInt(3)), random.nextInt(256), content(random));
            case 3 -> SpeakingProgram.discover(NAMES[random.nextInt(NAMES.length)]);
            default -> Packet.call(code, content(random));
        };
    }

    private static byte[] content(SplittableRandom random) {
        byte[] content = new byte[random.nextInt(12)];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3));
        }
        return content;
    }
}
