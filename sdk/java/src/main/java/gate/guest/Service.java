// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A service that the program has discovered, available or not. */
public final class Service {
    private final String name;
    private final int code;
    private boolean available;

    /** For good. */
    private boolean gone;
    private int infosMax;
    private final ArrayDeque<byte[]> infos = new ArrayDeque<>();

    /** Waiting for replies, the oldest first. */
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(Call call, Replied replied) {}

    /** Sees a reply before anything else is received. It must not wait or send. */
    interface Replied {
        /** @param reply null where there won't be any, as the service is gone */
        void with(byte[] reply);
    }

    /** Finds the number of a stream in a reply. It must not use Gate. */
    public interface StreamNumber {
        /** @return null where the reply names none */
        Integer in(byte[] reply);
    }

    Service(String name, int code) {
        this.name = name;
        this.code = code;
    }

    /** By which it was asked for. */
    public String name() {
        return name;
    }

    int code() {
        return code;
    }

    /**
     * Whether it can be used. That may change when the program is resumed.
     *
     * <p>Where a service is gone then, calls that wait for it fail, and its streams end. If there were such calls, it stays
     * unavailable for good: when it is back, nobody knows which of them it still answers.
     */
    public boolean available() {
        return available;
    }

    /**
     * Calls the service and waits for the reply. A service answers what it doesn't know with nothing, an empty reply.
     *
     * @param content {@link Gate#CONTENT_MAX} bytes at most
     * @throws IOException where the service isn't available, or isn't any more before it has replied
     */
    public byte[] call(byte[] content) throws IOException {
        return start(content).await();
    }

    /** Calls the service without waiting for the reply. */
    public Call start(byte[] content) throws IOException {
        return start(content, reply -> {});
    }

    /**
     * Calls a service whose reply names a stream, and waits for the reply.
     *
     * @return null where the reply names none
     */
    public GateStream callStream(byte[] content, StreamNumber number) throws IOException {
        GateStream[] made = new GateStream[1];
        start(content, reply -> {
                    Integer found = reply == null ? null : number.in(reply);
                    made[0] = found == null ? null : Streams.begin(this, found);
                })
                .await();
        if (made[0] != null) {
            made[0].grant(Gate.STREAM_WINDOW);
        }
        return made[0];
    }

    Call start(byte[] content, Replied replied) throws IOException {
        // Nothing is received between the last look at whether there is the service, and when the call waits.
        while (available && (waiting.size() >= Gate.CALLS_MAX || !Packets.hasRoom(content))) {
            Packets.transfer(-1);
        }
        if (!available) {
            throw new IOException(name + " is not available");
        }
        Packets.sendContent(code, Packets.CALL, content);
        Call call = new Call();
        waiting.add(new Waiting(call, replied));
        return call;
    }

    /** Tells the service something, which isn't answered. */
    public void tell(byte[] content) throws IOException {
        if (!available) {
            throw new IOException(name + " is not available");
        }
        Packets.sendContent(code, Packets.INFO, content);
    }

    /**
     * What the service tells the program unasked is kept from here on, so many messages at most; the oldest are dropped for
     * newer ones. Without this, none are kept.
     */
    public void keepInfos(int count) {
        infosMax = count;
    }

    /** The oldest of them, or null. */
    public byte[] info() {
        return infos.poll();
    }

    void receivedState(byte state) {
        available = (state & 1) != 0 && !gone;
        if (!available) {
            gone |= !waiting.isEmpty();
            while (!waiting.isEmpty()) {
                receivedReply(0, null);
            }
            Streams.lost(code);
        }
    }

    void receivedReply(int index, byte[] content) {
        if (index < waiting.size()) {
            Waiting answered = waiting.remove(index);
            answered.replied().with(content);
            answered.call().received(content);
        }
    }

    void receivedInfo(int from, int to) {
        if (infosMax > 0) {
            if (infos.size() >= infosMax) {
                infos.poll();
            }
            infos.add(Packets.bytesAt(from, to));
        }
    }
}
