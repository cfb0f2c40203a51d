// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.MemoryBackend;
import gate.executor.host.instance.InstanceHost;
import gate.server.service.Registry;
import gate.server.service.ServiceClock;
import gate.server.service.builtin.Echo;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginOptions;
import gate.tests.fuzz.WatchedInputs;
import gate.tests.instance.World;
import gate.tests.tidy.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Forged saved programs, with their services: reference 7 and 9. `-Dgate.fuzz.snapshots=N` says how many,
/// `-Dgate.seed=N` from which seed on; a failure shows the file itself, because saving isn't the same twice.
final class SnapshotFuzzTest {
    private static final long INPUTS = Long.getLong("gate.fuzz.snapshots", 4_000);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final long BATCH = 500;
    private static final int FAILURES_SHOWN = 5;
    private static final Duration HANG = Duration.ofSeconds(20);

    private final AllocationWatch allocation = new AllocationWatch();
    private final Map<ForgedFile.Outcome, Integer> outcomes = new ConcurrentHashMap<>();
    private final TreeSet<String> accepted = new TreeSet<>();
    private final List<String> failures = new ArrayList<>();

    @Test
    @Tag("slow")
    void forgedFilesAreRefusedOrRunAndNobodyElseNotices() throws Exception {
        List<SnapshotCorpus.Entry> corpus = SnapshotCorpus.make();
        Leaks leaks = new Leaks();
        try (InstanceHost host = InstanceHost.system(MemoryBackend.mapped())) {
            ProgramServices.Options options = new ProgramServices.Options(
                    new Registry().registerBuiltin(new Echo()),
                    new OriginOptions(32_768, 8),
                    RandomBytes.BITS_PER_MINUTE,
                    ServiceClock.system());
            ForgedFile files = new ForgedFile(host, options, allocation);
            for (SnapshotCorpus.Entry entry : corpus) {
                assertThat(outcome(files, entry, entry.file(), false))
                        .as(() -> entry.name() + ": " + files.lastRefusal())
                        .isNotEqualTo(ForgedFile.Outcome.REFUSED);
            }
            requireHealthy();
            leaks.begin();
            for (long done = 0; done < INPUTS && failures.isEmpty(); done += BATCH) {
                long first = FIRST_SEED + done;
                WatchedInputs.tryAll(first, Math.min(BATCH, INPUTS - done), HANG, seed -> tryOne(files, corpus, seed));
                requireHealthy();
            }
        }
        System.out.println("forged snapshots: " + INPUTS + " of " + corpus.size() + " saved programs; " + outcomes
                + "; at most " + allocation.mostBytes() + " bytes allocated to open one");
        assertThat(failures).isEmpty();
        assertThat(outcomes).containsOnlyKeys(ForgedFile.Outcome.values());
        assertThat(accepted).as("accepted though forged").hasSizeGreaterThan(corpus.size() / 2);
        leaks.require();
    }

    private void tryOne(ForgedFile files, List<SnapshotCorpus.Entry> corpus, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SnapshotCorpus.Entry entry = corpus.get(random.nextInt(corpus.size()));
        byte[] other = corpus.get(random.nextInt(corpus.size())).file();
        byte[] file = new SnapshotMutation(random).forge(entry.file(), other);
        try {
            ForgedFile.Outcome outcome = outcome(files, entry, file, random.nextInt(3) == 0);
            outcomes.merge(outcome, 1, Integer::sum);
            if (outcome != ForgedFile.Outcome.REFUSED) {
                synchronized (accepted) {
                    accepted.add(entry.name());
                }
            }
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            synchronized (failures) {
                if (failures.size() < FAILURES_SHOWN) {
                    failures.add("seed " + seed + " of " + entry.name() + ": " + trace + "\n"
                            + HexFormat.of().formatHex(file));
                }
            }
        }
    }

    private static ForgedFile.Outcome outcome(
            ForgedFile files, SnapshotCorpus.Entry entry, byte[] file, boolean suspended) throws Exception {
        return entry.wasi() ? files.tryWasi(file) : files.tryInstance(file, suspended);
    }

    /// Somebody else's program does what it always does.
    private static void requireHealthy() throws Exception {
        try (World world = new World()) {
            World.Running hello = world.launch(World.example(Repository.root().resolve("examples/hello/hello.wat")));
            assertThat(hello.exchange("")).isEqualTo("hello, world\n");
        }
    }
}
