// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes packets of the bytes that a program sends, which may be cut anywhere: reference 1.3. Padding is dropped.
///
/// A packet takes no more memory than has arrived of it, twice at most: a size alone reserves nothing. For one thread
/// at a time.
public final class PacketAssembler {
    private static final int FIRST_BYTES = 256;

    private byte[] bytes = new byte[Packet.HEADER_BYTES];
    private int filled;
    /// Of the packet in the making; 0 while its header isn't complete.
    private int size;

    private int padding;

    /// At the beginning of a packet.
    public PacketAssembler() {}

    /// As another one was left.
    ///
    /// @param partial what [#partial()] was
    /// @param padding what [#padding()] was
    /// @throws PacketViolation where the partial packet's size isn't possible
    public PacketAssembler(byte[] partial, int padding) {
        if (padding < 0 || padding >= Packet.ALIGNMENT || padding > 0 && partial.length > 0) {
            throw new PacketViolation("invalid padding after packet");
        }
        this.padding = padding;
        ByteBuffer source = ByteBuffer.wrap(partial);
        if (next(source) != null || source.hasRemaining()) {
            throw new PacketViolation("partial packet is complete");
        }
    }

    /// Takes bytes until a packet is complete or there are no more.
    ///
    /// @param source read from its position on
    /// @return the packet, or null where all bytes have been taken and none is complete
    /// @throws PacketViolation where a packet's size isn't possible
    public @Nullable Packet next(ByteBuffer source) {
        skipPadding(source);
        if (filled < Packet.HEADER_BYTES) {
            take(source, Packet.HEADER_BYTES);
            if (filled < Packet.HEADER_BYTES) {
                return null;
            }
        }
        if (size == 0) {
            size = Packet.checkedSize(Bytes.int32(bytes, 0));
        }
        take(source, size);
        if (filled < size) {
            return null;
        }
        Packet packet = Packet.wrap(bytes);
        padding = Packet.padding(size);
        bytes = new byte[Packet.HEADER_BYTES];
        filled = 0;
        size = 0;
        return packet;
    }

    /// How many bytes from the beginning are whole packets, without padding between them. Behind a size that isn't
    /// possible all bytes count as such: [#next] says what is wrong with it.
    public static int wholeBytes(byte[] packets) {
        int at = 0;
        while (packets.length - at >= Packet.HEADER_BYTES) {
            int size = Bytes.int32(packets, at);
            if (!Packet.isSize(size)) {
                return packets.length;
            }
            if (size > packets.length - at) {
                break;
            }
            at += size;
        }
        return at;
    }

    /// Takes padding that is still to come, as far as it is there.
    public void skipPadding(ByteBuffer source) {
        int skipped = Math.min(padding, source.remaining());
        source.position(source.position() + skipped);
        padding -= skipped;
    }

    private void take(ByteBuffer source, int until) {
        int count = Math.min(source.remaining(), until - filled);
        if (filled + count > bytes.length) {
            int room = Math.max(filled + count, Math.max(FIRST_BYTES, bytes.length * 2));
            bytes = Arrays.copyOf(bytes, Math.min(room, until));
        }
        source.get(bytes, filled, count);
        filled += count;
    }

    /// The bytes of a packet that isn't complete; empty between packets.
    public byte[] partial() {
        return Arrays.copyOf(bytes, filled);
    }

    /// Bytes of padding that are to come before the next packet: 0 to 7.
    public int padding() {
        return padding;
    }
}
