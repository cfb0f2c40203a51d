// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The section `gate.buffer`: what was on its way between a program and its services, and the services' states.
/// Reference 7.4.
///
/// @param services all that the program has discovered, in that order, which is what packet codes are
/// @param input bytes for the program that it hasn't received: packets with padding, the first may have begun before
/// @param output bytes of the program that nobody has handled: packets without padding, the last may be incomplete
public record Buffers(List<ServiceState> services, byte[] input, byte[] output) {
    /// Nothing.
    public static final Buffers EMPTY = new Buffers(List.of(), new byte[0], new byte[0]);

    /// Services that a program can know.
    public static final int SAVED_SERVICES_MAX = 256;

    /// Bytes of a service's name.
    public static final int SAVED_NAME_BYTES_MAX = 127;

    /// Bytes of all services' states, and of input, each.
    public static final int BUFFER_BYTES_MAX = 64 << 20;

    /// Bytes of output. It becomes packets again, which take seven times as much where they are small.
    public static final int SAVED_OUTPUT_BYTES_MAX = 1 << 20;

    /// What a service wants to know again.
    ///
    /// @param state defined by the service; empty for one that has nothing to say, or that doesn't exist
    public record ServiceState(String name, byte[] state) {}

    public Buffers {
        services = List.copyOf(services);
    }

    public boolean isEmpty() {
        return services.isEmpty() && input.length == 0 && output.length == 0;
    }

    /// @throws IllegalStateException where there is more than can be read back
    byte[] encode() {
        ByteSink sink = new ByteSink();
        sink.unsigned(input.length);
        sink.unsigned(output.length);
        sink.unsigned(services.size());
        long states = 0;
        for (ServiceState service : services) {
            byte[] name = service.name().getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > SAVED_NAME_BYTES_MAX) {
                throw new IllegalStateException("service name length out of bounds");
            }
            sink.u8(name.length);
            sink.bytes(name, 0, name.length);
            sink.unsigned(service.state().length);
            states += service.state().length;
        }
        if (Math.max(states, input.length) > BUFFER_BYTES_MAX
                || output.length > SAVED_OUTPUT_BYTES_MAX
                || services.size() > SAVED_SERVICES_MAX) {
            throw new IllegalStateException("buffers are too large to be saved");
        }
        sink.bytes(input, 0, input.length);
        sink.bytes(output, 0, output.length);
        for (ServiceState service : services) {
            sink.bytes(service.state(), 0, service.state().length);
        }
        return sink.toArray();
    }

    /// Reads a section's content, all of it.
    static Buffers decode(FileCursor in) throws CorruptSnapshotException {
        int inputSize = in.count(BUFFER_BYTES_MAX, "the size of buffered input");
        int outputSize = in.count(SAVED_OUTPUT_BYTES_MAX, "the size of buffered output");
        int count = in.count(SAVED_SERVICES_MAX, "the number of services");
        List<String> names = new ArrayList<>();
        int[] sizes = new int[count];
        long left = BUFFER_BYTES_MAX;
        for (int i = 0; i < count; i++) {
            names.add(name(in));
            sizes[i] = in.count(left, "the size of a service's state");
            left -= sizes[i];
        }
        byte[] input = bytes(in, inputSize);
        byte[] output = bytes(in, outputSize);
        List<ServiceState> services = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            services.add(new ServiceState(names.get(i), bytes(in, sizes[i])));
        }
        if (!in.atEnd()) {
            throw in.corrupt("invalid buffer section in wasm module");
        }
        return new Buffers(services, input, output);
    }

    private static String name(FileCursor in) throws CorruptSnapshotException {
        int length = in.u8();
        if (length == 0 || length > SAVED_NAME_BYTES_MAX) {
            throw in.corrupt("service name length out of bounds");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(in, length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw in.corrupt("a service's name is no UTF-8 text");
        }
    }

    private static byte[] bytes(FileCursor in, int count) throws CorruptSnapshotException {
        long from = in.position;
        in.skip(count);
        return in.bytes(from, in.position);
    }
}
