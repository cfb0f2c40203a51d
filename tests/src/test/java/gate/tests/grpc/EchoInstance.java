// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import gate.server.grpc.wire.InstanceConfig;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers packets with themselves, in order. Its state is what it hasn't sent.
final class EchoInstance {
    final InstanceConfig config;
    private final Deque<ByteString> unsent = new ArrayDeque<>();
    private @Nullable ServerCallStreamObserver<BytesValue> program;
    private boolean suspended;

    /// @throws IOException where the state isn't one
    EchoInstance(InstanceConfig config, ByteString state) throws IOException {
        this.config = config;
        if (state.isEmpty()) {
            return;
        }
        try (DataInputStream in = new DataInputStream(state.newInput())) {
            for (int left = in.readInt(); left > 0; left--) {
                byte[] packet = in.readNBytes(in.readInt());
                unsent.add(ByteString.copyFrom(packet));
            }
        }
    }

    /// The state of an instance that has these packets to send.
    static byte[] state(List<ByteString> packets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(packets.size());
            for (ByteString packet : packets) {
                out.writeInt(packet.size());
                packet.writeTo(out);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    synchronized void receive(ServerCallStreamObserver<BytesValue> observer) {
        program = observer;
        if (suspended) {
            observer.onCompleted(); // calls may overtake each other
            return;
        }
        observer.setOnReadyHandler(this::send);
        send();
    }

    synchronized void handle(ByteString packet) {
        unsent.add(packet);
        send();
    }

    private synchronized void send() {
        ServerCallStreamObserver<BytesValue> observer = program;
        while (observer != null && !suspended && observer.isReady() && !unsent.isEmpty()) {
            observer.onNext(BytesValue.of(unsent.remove()));
        }
    }

    synchronized void end() {
        suspended = true;
        if (program != null) {
            program.onCompleted();
        }
    }

    synchronized byte[] snapshot(List<ByteString> outgoing, List<ByteString> incoming) {
        for (int i = outgoing.size() - 1; i >= 0; i--) {
            unsent.addFirst(outgoing.get(i));
        }
        unsent.addAll(incoming);
        return unsent.isEmpty() ? new byte[0] : state(List.copyOf(unsent));
    }
}
