// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;

/// What the program sends and the client receives: the direction's state and its flow control. Under the
/// lock of [OriginStreams].
final class OutputHalf {
    private static final byte[] NOTHING = {};

    /// What the program may still send.
    private final Credit credit;
    private final OutputBuffer buffer = new OutputBuffer();
    /// The program has not been told that no more is wanted.
    private boolean subscribing;
    /// The client may receive more.
    private boolean writing;
    /// The program has not said that there is no more.
    private boolean receiving;
    /// Written, and not yet granted again.
    private int written;

    private OutputHalf(HalfState state) {
        credit = new Credit(state.credit());
        subscribing = state.subscribing();
        writing = state.connected();
        receiving = state.transmitting();
    }

    /// Of a new stream.
    ///
    /// @param credit what the program is told that it may send
    static OutputHalf opened(int credit) {
        return new OutputHalf(new HalfState(true, true, true, credit, NOTHING));
    }

    /// Of a stream whose connection is lost, and with it what was to be written.
    static OutputHalf restored(HalfState state) {
        OutputHalf half = new OutputHalf(state);
        half.writing = false;
        return half;
    }

    HalfState state() {
        return new HalfState(subscribing, writing, receiving, credit.bytes(), NOTHING);
    }

    /// A data packet from the program. What nobody can receive any more is dropped, but has to be paid for.
    void receive(Packet packet) {
        int length = Data.length(packet);
        if (length == 0) {
            receiving = false;
            return;
        }
        if (!receiving) {
            throw new PacketViolation("data after end of stream");
        }
        credit.spend(length);
        if (writing) {
            buffer.add(packet);
        }
    }

    /// The client receives nothing more.
    void disconnect() {
        writing = false;
        buffer.clear();
    }

    /// There is something to be written, or the end.
    boolean hasWork() {
        return !buffer.isEmpty() || !receiving;
    }

    /// Nothing of it is still to be written.
    boolean isDrained() {
        return !writing || buffer.isEmpty();
    }

    boolean isWriting() {
        return writing;
    }

    OutputBuffer buffer() {
        return buffer;
    }

    /// The first piece of the buffer has been written.
    ///
    /// @param most bytes that are granted late, so that many small pieces don't make as many packets
    /// @return what is granted now; 0 for nothing
    int written(int bytes, int most) {
        if (!writing) {
            return 0;
        }
        buffer.remove(bytes);
        written += bytes;
        if (!subscribing || !receiving || !buffer.isEmpty() && written <= most) {
            return 0;
        }
        int granted = written;
        written = 0;
        credit.add(granted);
        return granted;
    }

    /// The program has not been told that no more is wanted.
    boolean isSubscribing() {
        return subscribing;
    }

    void unsubscribed() {
        subscribing = false;
    }

    /// Both sides have said that this is all.
    boolean isFinished() {
        return !subscribing && !receiving;
    }
}
