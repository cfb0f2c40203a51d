// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/// A program that sends every client what it has received from it, as far as flow allows, and ends when the client
/// does.
/// Origin's code is 0.
final class EchoingProgram {
    private static final int WINDOW = 3000;

    private static final class Stream {
        private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
        private int credit;
        private boolean ended;
        private boolean endSent;
    }

    private final FakePort port;
    private final Map<Integer, Stream> streams = new TreeMap<>();
    private final int expected;
    private int finished;

    /// @param expected connections, one after another or at once
    EchoingProgram(FakePort port, int expected) {
        this.port = port;
        this.expected = expected;
    }

    void run(int acceptsAtOnce) {
        for (int i = 0; i < acceptsAtOnce; i++) {
            port.sends(Packet.call(0));
        }
        while (finished < expected) {
            Packet packet = port.receive();
            switch (packet.domain()) {
                case CALL -> opened(packet.content().getInt());
                case INFO -> throw new AssertionError(packet.toString());
                case FLOW -> flow(Flow.stream(packet, 0), Flow.value(packet, 0));
                case DATA -> data(packet);
            }
        }
    }

    private void opened(int id) {
        if (streams.putIfAbsent(id, new Stream()) != null) {
            throw new AssertionError("stream " + id + " is in use");
        }
        port.sends(Flow.of(0, id, WINDOW));
    }

    private void flow(int id, int value) {
        Stream stream = stream(id);
        if (value == 0) {
            if (!stream.endSent) {
                throw new AssertionError("the client went away");
            }
            streams.remove(id);
            finished++;
            port.sends(Packet.call(0));
        } else {
            stream.credit += value;
            echo(id, stream);
        }
    }

    private void data(Packet packet) {
        int id = Data.stream(packet);
        Stream stream = stream(id);
        int length = Data.length(packet);
        if (length == 0) {
            stream.ended = true;
            port.sends(Flow.of(0, id, 0));
        } else {
            byte[] bytes = new byte[length];
            Data.data(packet).get(bytes);
            stream.unsent.writeBytes(bytes);
            port.sends(Flow.of(0, id, length));
        }
        echo(id, stream);
    }

    private void echo(int id, Stream stream) {
        byte[] all = stream.unsent.toByteArray();
        int count = Math.min(all.length, stream.credit);
        if (count > 0) {
            port.sends(Data.copy(0, id, ByteBuffer.wrap(all, 0, count)));
            stream.credit -= count;
            stream.unsent.reset();
            stream.unsent.write(all, count, all.length - count);
        }
        if (stream.ended && count == all.length && !stream.endSent) {
            stream.endSent = true;
            port.sends(Data.end(0, id, 0));
        }
    }

    private Stream stream(int id) {
        Stream stream = streams.get(id);
        if (stream == null) {
            throw new AssertionError("no stream " + id);
        }
        return stream;
    }
}
