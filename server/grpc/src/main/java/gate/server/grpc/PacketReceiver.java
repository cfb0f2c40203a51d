// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.server.service.ProgramLink;
import gate.server.service.ServiceFailure;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes packets from a process and gives them to the program: one at a time, so that the process has to
/// wait while the program does not receive.
///
/// ```
///    IDLE -> GIVING           // begin()
///    IDLE -> KEEPING          // keep(): the program has stopped, what comes is part of its state
///  GIVING -> STANDING         // a packet came when the program had stopped; no further one is read
///  GIVING, STANDING -> KEEPING   // keep()
///  KEEPING -> ENDED           // the process has no more
///  each -> ENDED              // the process failed, or has no more before it was asked to end; or cancel()
/// ```
final class PacketReceiver {
    private final String service;
    private final BlockingClientCall<?, BytesValue> call;
    private final Thread thread;
    private final List<ByteString> kept = new ArrayList<>();
    private long keptBytes;
    private volatile boolean keeping;
    private volatile boolean giving;
    private volatile boolean cancelled;
    private volatile @Nullable ProgramLink link;
    private volatile @Nullable ServiceFailure fault;

    PacketReceiver(String service, BlockingClientCall<?, BytesValue> call) {
        this.service = service;
        this.call = call;
        this.thread = Thread.ofVirtual().name("receive-" + service).unstarted(this::run);
    }

    void begin(ProgramLink program) {
        link = program;
        thread.start();
    }

    /// The program doesn't receive what there is for it.
    boolean isBlocked() {
        return giving;
    }

    private void run() {
        try {
            for (BytesValue message = call.read(); message != null; message = call.read()) {
                receive(message.getValue());
            }
            if (!keeping && !cancelled) {
                throw Faults.broken(service, "has ended its packets");
            }
        } catch (StatusException e) {
            if (!cancelled) {
                fail(Faults.of(service, "Receive", e.getStatus()));
            }
        } catch (ServiceFailure e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(Faults.ours(service, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by cancel(); the thread ends
        }
    }

    private void receive(ByteString bytes) throws InterruptedException {
        Packet packet = checked(bytes);
        ProgramLink program = link;
        if (program != null && !program.isOpen()) {
            awaitKeeping();
        }
        if (!keeping && program != null) {
            giving = true;
            program.send(packet);
            giving = false;
            return;
        }
        keptBytes += bytes.size();
        if (keptBytes > GrpcLimits.OUTGOING_BYTES_MAX) {
            throw Faults.broken(service, "doesn't stop sending packets");
        }
        kept.add(bytes);
    }

    /// A program that has stopped holds nobody up, and whatever it is given then is kept for it: so the process is held
    /// up here, until it is told.
    private synchronized void awaitKeeping() throws InterruptedException {
        while (!keeping) {
            wait();
        }
    }

    /// Its code is filled in by the link, its size here if the process didn't.
    private Packet checked(ByteString message) {
        byte[] bytes = message.toByteArray();
        if (bytes.length < Packet.HEADER_BYTES || bytes.length > Packet.SIZE_MAX) {
            throw Faults.broken(service, "sent a packet of " + bytes.length + " bytes");
        }
        int size = (bytes[0] & 0xFF) | (bytes[1] & 0xFF) << 8 | (bytes[2] & 0xFF) << 16 | bytes[3] << 24;
        if (size != 0 && size != bytes.length) {
            throw Faults.broken(
                    service,
                    "sent " + bytes.length + " bytes as a packet of " + Integer.toUnsignedString(size) + " bytes");
        }
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[i] = (byte) (bytes.length >>> 8 * i);
        }
        try {
            return Packet.wrap(bytes).withCode(0).requireSent(1);
        } catch (PacketViolation e) {
            throw Faults.broken(service, "sent a malformed packet: " + e.text());
        }
    }

    private void fail(ServiceFailure failure) {
        fault = failure;
        call.cancel("the packets are malformed, or too many", failure);
        ProgramLink program = link;
        if (program != null) {
            program.failed(failure.text());
        }
    }

    /// From now on packets are kept, for [#drained(long)].
    synchronized void keep() {
        keeping = true;
        notifyAll();
        if (link == null) {
            thread.start();
        }
    }

    /// The packets that the program wasn't given, when the process has no more.
    List<ByteString> drained(long nanosAtMost) throws InterruptedException {
        if (!thread.join(java.time.Duration.ofNanos(nanosAtMost))) {
            cancel();
            thread.join();
            throw Faults.broken(service, "doesn't stop sending packets");
        }
        ServiceFailure failure = fault;
        if (failure != null) {
            throw failure;
        }
        return kept;
    }

    /// However the stream of packets ends from now on, it is all right.
    void expectEnd() {
        cancelled = true;
    }

    /// Takes no more.
    void cancel() {
        cancelled = true;
        call.cancel("the instance has ended", null);
        thread.interrupt();
    }
}
