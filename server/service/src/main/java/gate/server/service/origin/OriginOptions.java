// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

/// How much the connections of a program may take.
///
/// @param bufferBytes what a program may have sent on a stream that its client hasn't received is one byte
///     less; a power of two
/// @param connections at the same time, those that wait for the program included
public record OriginOptions(int bufferBytes, int connections) {
    /// As the original has them.
    public static final OriginOptions DEFAULT = new OriginOptions(32_768, 3);

    public OriginOptions {
        if (bufferBytes < 2 || Integer.bitCount(bufferBytes) != 1) {
            throw new IllegalArgumentException("origin's buffer size is a power of two: " + bufferBytes);
        }
        if (connections < 0) {
            throw new IllegalArgumentException("origin's connections can't be fewer than none: " + connections);
        }
    }
}
