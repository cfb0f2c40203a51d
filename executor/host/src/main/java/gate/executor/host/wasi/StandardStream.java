// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Standard input, output or error. Nothing of the host's is closed with it.
final class StandardStream extends Descriptor {
    /// Which: 0, 1 or 2, whatever number the guest has given it since.
    private final int stream;

    private final FileType type;

    StandardStream(int stream, FileType type, long rights, long inheriting, int flags) {
        super(rights, inheriting, flags);
        this.stream = stream;
        this.type = type;
    }

    static StandardStream of(int stream, WasiWorld world) {
        long access = stream == 0 ? Rights.FD_READ : Rights.FD_WRITE;
        return new StandardStream(stream, typeOf(stream, world), Rights.STREAM | access, 0, 0);
    }

    static FileType typeOf(int stream, WasiWorld world) {
        return switch (stream) {
            case 0 -> world.input().type();
            case 1 -> world.output().type();
            default -> world.error().type();
        };
    }

    int stream() {
        return stream;
    }

    boolean isInput() {
        return stream == 0;
    }

    @Override
    FileType type() {
        return type;
    }

    @Override
    FileStat stat(HostFiles files) {
        return FileStat.ofStream(type);
    }

    @Override
    void close(HostFiles files) {
        // The process goes on using its streams.
    }
}
