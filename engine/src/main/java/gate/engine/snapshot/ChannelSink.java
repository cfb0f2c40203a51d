// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.wasm.Section;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/// Writes sections to a channel, all of them, and sums them up.
final class ChannelSink {
    private static final int CHUNK = 1 << 20;

    private final WritableByteChannel channel;
    private final CRC32C checksum = new CRC32C();

    ChannelSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        write(ByteBuffer.wrap(bytes, from, to - from));
    }

    void write(ByteSink sink) throws IOException {
        write(ByteBuffer.wrap(sink.toArray()));
    }

    void write(MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
            write(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
        }
    }

    void section(int id, ByteSink content) throws IOException {
        ByteSink head = new ByteSink();
        head.u8(id);
        head.unsigned(content.size());
        write(head);
        write(content);
    }

    void custom(String name, byte[] content) throws IOException {
        customHead(name, content.length);
        write(content, 0, content.length);
    }

    void customHead(String name, long contentBytes) throws IOException {
        ByteSink nameSink = new ByteSink();
        nameSink.name(name);
        ByteSink head = new ByteSink();
        head.u8(Section.CUSTOM);
        head.unsigned(nameSink.size() + contentBytes);
        write(head);
        write(nameSink);
    }

    /// CRC-32C of all that has been written.
    int checksum() {
        return (int) checksum.getValue();
    }

    private void write(ByteBuffer buffer) throws IOException {
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
