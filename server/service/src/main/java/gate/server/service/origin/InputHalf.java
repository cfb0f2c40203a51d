// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Packet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the client sends and the program receives: the direction's state and its flow control. Under the
/// lock of [OriginStreams].
final class InputHalf {
    private static final byte[] NOTHING = {};

    /// What the program is willing to receive.
    private final Credit credit;
    /// The program has not said that it wants no more.
    private boolean subscribing;
    /// The client may send more.
    private boolean reading;
    /// The program has not been told that there is no more.
    private boolean sending;
    /// What was read and not sent before the program stopped, this time or the last; from `taken` on.
    private byte[] buffered;

    private int taken;

    /// Of a new stream.
    InputHalf() {
        this(new HalfState(true, true, true, 0, NOTHING));
    }

    private InputHalf(HalfState state) {
        credit = new Credit(state.credit());
        subscribing = state.subscribing();
        reading = state.connected();
        sending = state.transmitting();
        buffered = state.data();
    }

    /// Of a stream whose connection is lost.
    static InputHalf restored(HalfState state) {
        InputHalf half = new InputHalf(state);
        half.reading = false;
        return half;
    }

    HalfState state() {
        byte[] rest = sending ? Arrays.copyOfRange(buffered, taken, buffered.length) : NOTHING;
        return new HalfState(subscribing, reading, sending, credit.bytes(), rest);
    }

    /// The program wants more; what it says after it wanted no more doesn't count.
    void subscribe(int bytes) {
        if (subscribing) {
            credit.add(bytes);
        }
    }

    void unsubscribe() {
        subscribing = false;
    }

    /// There is nothing more to be read.
    void disconnect() {
        reading = false;
    }

    /// The stream goes on in this direction.
    boolean isOpen() {
        return sending && subscribing && reading;
    }

    /// What was read and can't be sent any more, as the program has stopped: it is part of the state.
    void keep(byte[] bytes) {
        if (sending && subscribing) {
            buffered = bytes;
            taken = 0;
        }
    }

    /// The program has not been told the end.
    boolean isSending() {
        return sending;
    }

    int creditBytes() {
        return credit.bytes();
    }

    void sent(int bytes) {
        credit.spend(bytes);
    }

    void ended() {
        sending = false;
    }

    /// Both sides have said that this is all.
    boolean isFinished() {
        return !subscribing && !sending;
    }

    /// The next packet of what was read before, or the end; null where there is none, or none that the
    /// program is willing to receive.
    @Nullable
    Packet drain(int stream) {
        if (!sending) {
            return null;
        }
        int left = buffered.length - taken;
        if (!subscribing || left == 0) {
            buffered = NOTHING;
            taken = 0;
            sending = false;
            return Data.end(0, stream, 0);
        }
        int count = Math.min(left, Math.min(credit.bytes(), Data.LENGTH_MAX));
        if (count == 0) {
            return null;
        }
        byte[] bytes = Data.allocate(count);
        System.arraycopy(buffered, taken, bytes, Data.HEADER_BYTES, count);
        credit.spend(count);
        taken += count;
        return Data.of(bytes, count, 0, stream, 0);
    }
}
