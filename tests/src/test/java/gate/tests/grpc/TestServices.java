// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import gate.server.grpc.wire.CreateRequest;
import gate.server.grpc.wire.CreateResponse;
import gate.server.grpc.wire.HandleRequest;
import gate.server.grpc.wire.InitRequest;
import gate.server.grpc.wire.InitResponse;
import gate.server.grpc.wire.InstanceGrpc;
import gate.server.grpc.wire.ReceiveRequest;
import gate.server.grpc.wire.RootGrpc;
import gate.server.grpc.wire.Service;
import gate.server.grpc.wire.ShutdownRequest;
import gate.server.grpc.wire.SnapshotRequest;
import gate.server.grpc.wire.SuspendRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// The services `test` and `secret`, which answer packets with themselves, `hostile`, which a program
/// can ask for wrong answers, `slow`, whose instances are made when a test lets them, and `named`, whose instances
/// have names that are too long.
final class TestServices {
    /// What has been called, for tests to look at.
    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    /// What programs have asked `hostile` for.
    final BlockingQueue<String> wrongs = new LinkedBlockingQueue<>();

    /// Lets instances of `slow` be made.
    final CountDownLatch slow = new CountDownLatch(1);

    /// Lets the process say what it offers.
    final CountDownLatch mute;

    final Map<ByteString, EchoInstance> instances = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Service> offered;

    TestServices() {
        this(List.of(
                service("test", false),
                service("secret", true),
                service("hostile", false),
                service("slow", false),
                service("named", false)));
    }

    TestServices(List<Service> offered) {
        this(offered, new CountDownLatch(0));
    }

    TestServices(List<Service> offered, CountDownLatch mute) {
        this.offered = offered;
        this.mute = mute;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw Status.CANCELLED.asRuntimeException();
        }
    }

    static Service service(String name, boolean principal) {
        return Service.newBuilder()
                .setName(name)
                .setRevision("0")
                .setRequirePrincipal(principal)
                .build();
    }

    RootGrpc.RootImplBase root() {
        return new RootGrpc.RootImplBase() {
            @Override
            public void init(InitRequest request, StreamObserver<InitResponse> answer) {
                calls.add("Init");
                await(mute);
                answer(answer, InitResponse.newBuilder().addAllServices(offered).build());
            }
        };
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private EchoInstance instance(ByteString id) {
        EchoInstance found = instances.get(id);
        if (found == null) {
            throw Status.NOT_FOUND.asRuntimeException();
        }
        return found;
    }

    InstanceGrpc.InstanceImplBase instance() {
        return new Instances();
    }

    private final class Instances extends InstanceGrpc.InstanceImplBase {
        private final Map<ByteString, ServerCallStreamObserver<BytesValue>> streams = new ConcurrentHashMap<>();
        private final Map<ByteString, String> faults = new ConcurrentHashMap<>();

        @Override
        public void create(CreateRequest request, StreamObserver<CreateResponse> answer) {
            calls.add("Create " + request.getServiceName());
            String name = request.getServiceName();
            ByteString id = ByteString.copyFromUtf8(name + count.incrementAndGet());
            if (name.equals("named")) {
                id = id.concat(ByteString.copyFrom(new byte[1024]));
            } else if (name.equals("slow")) {
                await(slow);
            }
            try {
                instances.put(id, new EchoInstance(request.getConfig(), request.getSnapshot()));
                answer(answer, CreateResponse.newBuilder().setId(id).build());
            } catch (IOException e) {
                answer(
                        answer,
                        CreateResponse.newBuilder()
                                .setRestorationError("what is this?")
                                .build());
            }
        }

        @Override
        public void receive(ReceiveRequest request, StreamObserver<BytesValue> program) {
            ServerCallStreamObserver<BytesValue> observer = (ServerCallStreamObserver<BytesValue>) program;
            streams.put(request.getId(), observer);
            instance(request.getId()).receive(observer);
        }

        @Override
        public void handle(HandleRequest request, StreamObserver<Empty> answer) {
            ByteString id = request.getId();
            if (id.toStringUtf8().startsWith("hostile")) {
                fail(id, request.getData().substring(8).toString(StandardCharsets.UTF_8), answer);
                return;
            }
            instance(id).handle(request.getData());
            answer(answer, Empty.getDefaultInstance());
        }

        /// Calls may overtake each other: the first packet may be there before the stream.
        private ServerCallStreamObserver<BytesValue> stream(ByteString id) {
            ServerCallStreamObserver<BytesValue> found = streams.get(id);
            while (found == null) {
                LockSupport.parkNanos(1_000_000);
                found = streams.get(id);
            }
            return found;
        }

        private void fail(ByteString id, String how, StreamObserver<Empty> answer) {
            ServerCallStreamObserver<BytesValue> program = stream(id);
            faults.put(id, how);
            wrongs.add(how);
            switch (how) {
                case "hang" -> {}
                case "end" -> {
                    program.onCompleted();
                    answer(answer, Empty.getDefaultInstance());
                }
                case "refuse" ->
                    answer.onError(
                            Status.INTERNAL.withDescription("private text").asException());
                case "flood" -> {
                    flood(program);
                    answer(answer, Empty.getDefaultInstance());
                }
                case "endless", "hang at suspend", "hang at snapshot", "huge state" ->
                    answer(answer, Empty.getDefaultInstance());
                default -> {
                    program.onNext(BytesValue.of(wrongPacket(how)));
                    answer(answer, Empty.getDefaultInstance());
                }
            }
        }

        /// Sends the largest packets for as long as anybody takes them.
        private static void flood(ServerCallStreamObserver<BytesValue> program) {
            Runnable more = () -> {
                while (program.isReady()) {
                    program.onNext(BytesValue.of(ByteString.copyFrom(new byte[65_536])));
                }
            };
            Thread.startVirtualThread(() -> {
                while (!program.isCancelled()) {
                    more.run();
                    Thread.onSpinWait();
                }
            });
        }

        private static ByteString wrongPacket(String how) {
            return switch (how) {
                case "empty" -> ByteString.EMPTY;
                case "short" -> ByteString.copyFrom(new byte[7]);
                case "large" -> ByteString.copyFrom(new byte[65_537]);
                case "huge" -> ByteString.copyFrom(new byte[10 << 20]);
                case "size" -> ByteString.copyFrom(new byte[] {9, 0, 0, 0, 0, 0, 0, 0});
                case "domain" -> ByteString.copyFrom(new byte[] {8, 0, 0, 0, 0, 0, 4, 0});
                case "flags" -> ByteString.copyFrom(new byte[] {8, 0, 0, 0, 0, 0, 16, 0});
                case "data" -> ByteString.copyFrom(new byte[] {8, 0, 0, 0, 0, 0, 3, 0});
                default -> throw Status.INVALID_ARGUMENT.asRuntimeException();
            };
        }

        @Override
        public void shutdown(ShutdownRequest request, StreamObserver<Empty> answer) {
            calls.add("Shutdown");
            instance(request.getId()).end();
            answer(answer, Empty.getDefaultInstance());
        }

        @Override
        public void suspend(SuspendRequest request, StreamObserver<Empty> answer) {
            switch (faults.getOrDefault(request.getId(), "")) {
                case "hang at suspend" -> {}
                case "hang at snapshot" -> answer(answer, Empty.getDefaultInstance()); // and the stream goes on
                case "endless" -> {
                    flood(stream(request.getId()));
                    answer(answer, Empty.getDefaultInstance());
                }
                case "flood" -> answer(answer, Empty.getDefaultInstance()); // and it goes on
                default -> {
                    instance(request.getId()).end();
                    answer(answer, Empty.getDefaultInstance());
                }
            }
        }

        @Override
        public void snapshot(SnapshotRequest request, StreamObserver<BytesValue> answer) {
            byte[] state = faults.getOrDefault(request.getId(), "").equals("huge state")
                    ? new byte[5 << 20]
                    : instance(request.getId()).snapshot(request.getOutgoingList(), request.getIncomingList());
            answer(answer, BytesValue.of(ByteString.copyFrom(state)));
        }
    }
}
