// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import gate.engine.snapshot.Buffers;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What was under way in saved files, counted: a test that never stops anything in its middle shows nothing.
final class Left {
    private static final int PACKET_HEADER_BYTES = 8;

    private static final int KINDS = 10;
    private static final String PADDING = "with part of a packet's padding sent";
    private static final String RANDOM = "with a call of random pending";
    private static final Set<String> RARE = Set.of(PADDING, RANDOM);

    private int files;
    private boolean originalStack;
    private final Map<String, Integer> counts = new TreeMap<>();

    int files() {
        return files;
    }

    /// Of the last one.
    boolean hasOriginalStack() {
        return originalStack;
    }

    void add(Path file) throws Exception {
        Snapshot snapshot =
                Snapshot.read(MemorySegment.ofArray(Files.readAllBytes(file)), Feature.allSupported(), Limits.DEFAULT);
        files++;
        Buffers buffers = snapshot.buffers();
        originalStack = snapshot.sections().stream().anyMatch(section -> "gate.stack".equals(section.name()));
        count("with a stack of the original", originalStack);
        count(PADDING, isBetweenPacketAndPadding(snapshot.hostState()));
        count("with packets for the program", buffers.input().length > 0);
        count("with packets of the program", buffers.output().length > 0);
        count("with part of a packet of the program", endsInPart(buffers.output()));
        for (Buffers.ServiceState service : buffers.services()) {
            switch (service.name()) {
                case "house/keys" -> count("with calls pending", KeysService.pending(service.state()) > 0);
                case "house/mill" -> count("with streams half sent", MillService.halfSent(service.state()) > 0);
                case "origin" -> count("with connections", service.state().length > 2);
                case "random" -> count(RANDOM, service.state().length > 0);
                default -> {}
            }
        }
    }

    private void count(String what, boolean isThere) {
        counts.merge(what, isThere ? 1 : 0, Integer::sum);
    }

    /// See [gate.executor.host.instance]'s host state: a version and bytes of padding.
    private static boolean isBetweenPacketAndPadding(byte[] hostState) {
        return hostState.length > 1 && hostState[1] > 0;
    }

    private static boolean endsInPart(byte[] output) {
        ByteBuffer packets = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
        while (packets.remaining() >= PACKET_HEADER_BYTES) {
            int size = packets.getInt(packets.position());
            if (size > packets.remaining()) {
                return true;
            }
            packets.position(packets.position() + size);
        }
        return packets.hasRemaining();
    }

    /// The last one goes on without what the original doesn't know.
    void cutToTheOriginals() {
        count("gone on from the original's sections alone", true);
    }

    /// @param rare whether kinds that need thousands of packets count too
    boolean hasEverything(boolean rare) {
        return counts.size() == KINDS
                && counts.entrySet().stream()
                        .allMatch(kind -> kind.getValue() > 0 || !rare && RARE.contains(kind.getKey()));
    }

    @Override
    public String toString() {
        return files + " files, of them " + counts;
    }
}
