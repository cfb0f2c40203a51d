// SPDX-License-Identifier: Apache-2.0
package gate.tests.sdk;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.ProgramLink;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Opens a stream, on which it says nothing, and lets calls wait until their program is resumed, if it answers at all.
/// Its state is how many wait.
final class PatientService implements Service {
    private static final int STREAM = 7;
    private static final byte[] REPLY = "wait".getBytes(StandardCharsets.UTF_8);

    /// Is open when so many calls wait.
    final CountDownLatch waiting;

    /// Calls that came when their program had been resumed.
    final AtomicInteger answered = new AtomicInteger();

    private final boolean answersWhenResumed;

    PatientService(int calls, boolean answersWhenResumed) {
        waiting = new CountDownLatch(calls);
        this.answersWhenResumed = answersWhenResumed;
    }

    @Override
    public String name() {
        return "example.com/patience";
    }

    @Override
    public boolean streams() {
        return true;
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        return new Waiting(state.length == 0 ? 0 : ByteBuffer.wrap(state).getInt());
    }

    private final class Waiting implements ServiceInstance {
        private int calls;
        private boolean answers;

        Waiting(int calls) {
            this.calls = calls;
        }

        @Override
        public void start(ProgramLink link) throws InterruptedException {
            if (calls == 0 || !answersWhenResumed) {
                return;
            }
            answers = true;
            for (int index = calls - 1; index >= 0; index--) {
                link.send(Packet.of(0, Domain.CALL, index, REPLY));
            }
            calls = 0;
            link.send(Packet.of(0, Domain.FLOW, 0, bytes(STREAM, 0)));
            link.send(Packet.of(0, Domain.DATA, 0, bytes(STREAM, 0)));
        }

        @Override
        public @Nullable Packet handle(Packet packet) {
            if (packet.domain() != Domain.CALL) {
                return null;
            }
            if (packet.content().remaining() > REPLY.length) {
                return Packet.call(0, bytes(STREAM));
            }
            if (answers) {
                answered.incrementAndGet();
                return Packet.call(0, REPLY);
            }
            calls++;
            waiting.countDown();
            return null;
        }

        @Override
        public byte[] suspend() {
            return ByteBuffer.allocate(Integer.BYTES).putInt(calls).array();
        }
    }

    private static byte[] bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }
}
