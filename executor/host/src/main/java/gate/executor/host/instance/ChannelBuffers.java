// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

/// What a channel was left with: reference 7.4.
///
/// @param input bytes for the program
/// @param output packets of the program, without padding, the last one maybe incomplete
/// @param padding bytes of padding that the program has still to send behind them, where the last one is complete
record ChannelBuffers(byte[] input, byte[] output, int padding) {
    static final ChannelBuffers EMPTY = new ChannelBuffers(new byte[0], new byte[0], 0);
}
