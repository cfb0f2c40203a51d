// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnsafeByteOperations;
import gate.contract.packet.Packet;
import gate.server.grpc.wire.HandleRequest;
import gate.server.service.ServiceFailure;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gives a program's packets to a process, one after the other. A few wait here, so that a slow process
/// doesn't keep the program from its other services at once.
///
/// ```
///  FORWARDING -> STOPPING    // stop(): the packet in hand is still handled
///  FORWARDING -> FAILED      // the process failed
/// ```
final class PacketForwarder {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String service;
    private final ByteString id;
    private final Connection connection;
    private final BooleanSupplier programIsSlow;
    private final Consumer<ServiceFailure> failed;
    private final Thread thread;

    private final Object lock = new Object();
    private final Deque<Packet> waiting = new ArrayDeque<>();
    private boolean stopping;
    private @Nullable ServiceFailure fault;

    /// @param programIsSlow the process may wait for the program just now
    /// @param failed is told why there won't be any more
    PacketForwarder(
            String service,
            ByteString id,
            Connection connection,
            BooleanSupplier programIsSlow,
            Consumer<ServiceFailure> failed) {
        this.service = service;
        this.id = id;
        this.connection = connection;
        this.programIsSlow = programIsSlow;
        this.failed = failed;
        this.thread = Thread.ofVirtual().name("forward-" + service).unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    /// Waits while there are too many.
    void forward(Packet packet) throws InterruptedException {
        synchronized (lock) {
            while (waiting.size() >= GrpcLimits.INCOMING_PACKETS_MAX && !stopping && fault == null) {
                lock.wait();
            }
            waiting.add(packet); // after a failure it doesn't matter, the program ends
            lock.notifyAll();
        }
    }

    private void run() {
        try {
            for (Packet packet = next(); packet != null; packet = next()) {
                handle(packet);
            }
        } catch (ServiceFailure e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(Faults.ours(service, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by cancel(); the thread ends
        }
    }

    private void fail(ServiceFailure failure) {
        synchronized (lock) {
            fault = failure;
            lock.notifyAll();
        }
        failed.accept(failure);
    }

    private @Nullable Packet next() throws InterruptedException {
        synchronized (lock) {
            while (waiting.isEmpty() && !stopping) {
                lock.wait();
            }
            if (stopping) {
                return null;
            }
            lock.notifyAll();
            return waiting.remove();
        }
    }

    private void handle(Packet packet) throws InterruptedException {
        ListenableFuture<Empty> call = connection
                .futures()
                .handle(HandleRequest.newBuilder()
                        .setId(id)
                        .setData(bytes(packet))
                        .build());
        long left = connection.limits().callNanos();
        while (true) {
            try {
                Empty _ = call.get(Math.min(STEP_NANOS, left), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                left -= programIsSlow.getAsBoolean() ? 0 : STEP_NANOS;
                if (left <= 0) {
                    call.cancel(true);
                    throw Faults.of(service, "Handle", Status.DEADLINE_EXCEEDED);
                }
            } catch (ExecutionException e) {
                throw Faults.of(service, "Handle", Status.fromThrowable(e));
            } catch (InterruptedException e) {
                call.cancel(true);
                throw e;
            }
        }
    }

    private static ByteString bytes(Packet packet) {
        return UnsafeByteOperations.unsafeWrap(packet.buffer());
    }

    /// Handles the packet in hand, and no more.
    ///
    /// @return what wasn't handled
    List<ByteString> stop() throws InterruptedException {
        synchronized (lock) {
            stopping = true;
            lock.notifyAll();
        }
        thread.join();
        synchronized (lock) {
            if (fault != null) {
                throw fault;
            }
            List<ByteString> left = new ArrayList<>();
            waiting.forEach(packet -> left.add(bytes(packet)));
            return left;
        }
    }

    /// Drops everything.
    void cancel() {
        synchronized (lock) {
            stopping = true;
            lock.notifyAll();
        }
        thread.interrupt();
    }
}
