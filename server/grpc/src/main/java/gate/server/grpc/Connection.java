// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import gate.server.grpc.wire.InitRequest;
import gate.server.grpc.wire.InitResponse;
import gate.server.grpc.wire.InstanceGrpc;
import gate.server.grpc.wire.RootGrpc;
import gate.server.grpc.wire.Service;
import gate.server.service.ServiceFailure;
import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The way to one process with services. Thread-safe. gRPC makes the connection again when it is lost, at
/// longer and longer intervals; a program that wants a service has it try at once, though not more than
/// once a second.
final class Connection implements AutoCloseable {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long HURRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KEEP_ALIVE_MINUTES = 5; // gRPC servers refuse to be asked more often

    /// Would warn at each connection that Unix sockets have no keep-alive, which gRPC asks for. Referred to,
    /// or it would be forgotten.
    private static final Logger QUIET = Logger.getLogger("io.netty.bootstrap");

    static {
        QUIET.setLevel(Level.SEVERE);
    }

    private final ServiceTarget target;
    private final GrpcLimits limits;
    private final @Nullable ServiceProcesses processes;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    /// Changes whenever a connection was made or lost.
    private final AtomicLong epoch = new AtomicLong();

    private final AtomicLong lastHurry = new AtomicLong(System.nanoTime() - HURRY_NANOS);

    /// What the process has said last; it is said anew on each connection.
    private volatile @Nullable Offer offer;

    /// Asks what there is now. Those who want to know meanwhile wait for the same answer: however many programs wait
    /// for a
    /// process that doesn't answer, each waits no longer than one would. Guarded by `this`.
    private @Nullable ListenableFuture<Offer> asking;

    /// @param epoch on which connection it was said
    private record Offer(List<Service> services, Set<String> names, long epoch) {}

    private Connection(ServiceTarget target, GrpcLimits limits, @Nullable ServiceProcesses processes) {
        this.target = target;
        this.limits = limits;
        this.processes = processes;
        this.loop = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("grpc-" + target.label()).factory(), NioIoHandler.newFactory());
        this.channel = builder(target, processes)
                .eventLoopGroup(loop)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .maxInboundMessageSize(GrpcLimits.ANSWER_BYTES_MAX)
                .disableRetry() // a packet is handled once
                .disableServiceConfigLookUp()
                .idleTimeout(Integer.MAX_VALUE, TimeUnit.DAYS)
                .addTransportFilter(new Epochs())
                .build();
    }

    /// Connects at the first call.
    static Connection to(ServiceTarget target, GrpcLimits limits) {
        ServiceProcesses processes = null;
        if (target instanceof ServiceTarget.Command command) {
            try {
                processes = ServiceProcesses.of(command);
            } catch (IOException e) {
                throw new ServiceFailure(target.label() + ": " + e.getMessage(), e);
            }
        }
        return new Connection(target, limits, processes);
    }

    private static NettyChannelBuilder builder(ServiceTarget target, @Nullable ServiceProcesses processes) {
        return switch (target) {
            case ServiceTarget.Unix(var path, boolean _) -> unix(UnixDomainSocketAddress.of(path));
            case ServiceTarget.Command _ -> {
                if (processes == null) {
                    throw new IllegalStateException("a command without its processes");
                }
                yield unix(processes.address());
            }
            case ServiceTarget.Tcp(String host, int port, boolean insecure, boolean _) -> {
                NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, port)
                        .channelType(NioSocketChannel.class)
                        .proxyDetector(_ -> null)
                        .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES);
                yield insecure ? builder.usePlaintext() : builder.useTransportSecurity();
            }
        };
    }

    private static NettyChannelBuilder unix(SocketAddress address) {
        return NettyChannelBuilder.forAddress(address)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext();
    }

    private final class Epochs extends ClientTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            epoch.incrementAndGet();
            return attributes;
        }

        @Override
        public void transportTerminated(Attributes attributes) {
            epoch.incrementAndGet();
        }
    }

    ServiceTarget target() {
        return target;
    }

    GrpcLimits limits() {
        return limits;
    }

    /// Asks what services there are, as the first thing on a connection.
    List<Service> init() throws StatusException, InterruptedException {
        return answer(ask(root(limits.startNanos()))).services();
    }

    private RootGrpc.RootFutureStub root(long nanosAtMost) {
        return RootGrpc.newFutureStub(channel).withDeadlineAfter(nanosAtMost, TimeUnit.NANOSECONDS);
    }

    private ListenableFuture<Offer> ask(RootGrpc.RootFutureStub root) {
        return Futures.transform(root.init(InitRequest.getDefaultInstance()), this::offered, Runnable::run);
    }

    private Offer offered(InitResponse response) {
        Set<String> names = HashSet.newHashSet(response.getServicesCount());
        response.getServicesList().forEach(service -> names.add(service.getName()));
        Offer made = new Offer(response.getServicesList(), names, epoch.get());
        offer = made;
        return made;
    }

    private static Offer answer(ListenableFuture<Offer> asked) throws StatusException, InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw Status.fromThrowable(e).asException();
        }
    }

    /// Whether the process has a service. Connects to it, or starts it again, if that is necessary.
    boolean offers(String service) throws StatusException, InterruptedException {
        ConnectivityState state = channel.getState(true);
        Offer known = offer;
        if (state == ConnectivityState.READY && known != null && known.epoch() == epoch.get()) {
            return known.names().contains(service);
        }
        long now = System.nanoTime();
        long last = lastHurry.get();
        if (state == ConnectivityState.TRANSIENT_FAILURE
                && now - last >= HURRY_NANOS
                && lastHurry.compareAndSet(last, now)) {
            channel.resetConnectBackoff();
        }
        return answer(asked()).names().contains(service);
    }

    /// The answer that others wait for, or a new one.
    private synchronized ListenableFuture<Offer> asked() {
        ListenableFuture<Offer> current = asking;
        if (current == null || current.isDone()) {
            current = ask(root(limits.callNanos()).withWaitForReady());
            asking = current;
        }
        return current;
    }

    /// For calls that are waited for.
    InstanceGrpc.InstanceBlockingV2Stub instances(long nanosAtMost) {
        return InstanceGrpc.newBlockingV2Stub(channel).withDeadlineAfter(nanosAtMost, TimeUnit.NANOSECONDS);
    }

    /// For the stream of packets, which has no deadline.
    InstanceGrpc.InstanceBlockingV2Stub streams() {
        return InstanceGrpc.newBlockingV2Stub(channel).withMaxInboundMessageSize(GrpcLimits.PACKET_MESSAGE_BYTES_MAX);
    }

    /// For calls that go on while something else is done.
    InstanceGrpc.InstanceFutureStub futures() {
        return InstanceGrpc.newFutureStub(channel);
    }

    /// What a call that failed has to say, unless it was this thread that was interrupted.
    Status interruptible(StatusException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return e.getStatus();
    }

    /// For operators: why a call failed.
    String explained(Status status) {
        String started = processes == null ? null : processes.trouble();
        return started != null ? started : Faults.explained(status);
    }

    @Override
    public void close() {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(CLOSE_NANOS, TimeUnit.NANOSECONDS)) {
                channel.shutdownNow();
                boolean _ = channel.awaitTermination(CLOSE_NANOS, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
        var _ = loop.shutdownGracefully(0, CLOSE_NANOS, TimeUnit.NANOSECONDS);
        if (processes != null) {
            processes.close();
        }
    }
}
