// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// What a program may see of time and chance.
///
/// @param timeResolutionNanos the smallest difference that its clocks show; see [TimeResolution]
/// @param randomBytes how many random bytes it gets between a start or resumption and the next
public record AbiPolicy(long timeResolutionNanos, int randomBytes) {
    /// Bytes of [#randomBytes] at most: `random_get` writes them without looking at whether it is to stop.
    public static final int RANDOM_BYTES_MAX = 1 << 20;

    /// A server's default: 10 ms, and enough bytes to seed any generator.
    public static final AbiPolicy DEFAULT = new AbiPolicy(10_000_000, 64);

    public AbiPolicy {
        if (randomBytes < 0 || randomBytes > RANDOM_BYTES_MAX) {
            throw new IllegalArgumentException("randomBytes is " + randomBytes + ", not 0 to " + RANDOM_BYTES_MAX);
        }
    }
}
