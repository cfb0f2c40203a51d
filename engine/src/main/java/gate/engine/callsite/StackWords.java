// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.snapshot.CorruptSnapshotException;
import java.util.Arrays;

/// A portable stack's words, split into frames: numbered from the innermost, and the bottom behind them.
final class StackWords {
    private static final String RAN_OUT = "ran out of stack before initial call";

    private final CallSites sites;
    private final long[] words;
    private int[] places = new int[16];
    private int count;

    StackWords(CallSites sites, long[] words) throws CorruptSnapshotException {
        this.sites = sites;
        this.words = words;
        split();
    }

    private void split() throws CorruptSnapshotException {
        int at = 0;
        while (true) {
            if (at >= words.length) {
                throw new CorruptSnapshotException(RAN_OUT);
            }
            if (count + 1 == places.length) {
                places = Arrays.copyOf(places, places.length * 2);
            }
            places[count] = at;
            int site = site(count);
            long bytes = bytes(count);
            if (site < 0 || site >= sites.count()) {
                throw new CorruptSnapshotException("there is no call site " + Integer.toUnsignedString(site));
            }
            if (site < CallSites.BOTTOM_SITES) {
                requireBytes(count, sites.site(site).stackBytes());
                return;
            }
            if (bytes % Long.BYTES != 0 || bytes == 0) {
                throw new CorruptSnapshotException("a frame of " + bytes + " bytes at call site " + site);
            }
            if (bytes / Long.BYTES > words.length - at) {
                throw new CorruptSnapshotException(RAN_OUT);
            }
            at += (int) (bytes / Long.BYTES);
            count++;
        }
    }

    /// Frames, without the bottom.
    int count() {
        return count;
    }

    int site(int frame) {
        return (int) words[places[frame]];
    }

    /// What a site word says the frame's size is.
    long bytes(int frame) {
        return words[places[frame]] >>> 32;
    }

    /// Words behind the frame's site word.
    int size(int frame) {
        return places[frame + 1] - places[frame] - 1;
    }

    /// A word behind the frame's site word, from 0.
    long word(int frame, int index) {
        return words[places[frame] + 1 + index];
    }

    void requireBytes(int frame, long expected) throws CorruptSnapshotException {
        if (bytes(frame) != expected) {
            throw new CorruptSnapshotException(
                    "stack offset " + bytes(frame) + " at call site " + site(frame) + ", where it is " + expected);
        }
    }

    /// The words behind the bottom's site word, which must be all that is left.
    long[] bottom() throws CorruptSnapshotException {
        int from = places[count] + 1;
        long expected = bytes(count) / Long.BYTES;
        int left = words.length - from;
        if (left < expected) {
            throw new CorruptSnapshotException(RAN_OUT);
        }
        if (left > expected) {
            throw new CorruptSnapshotException(
                    (left - expected) * Long.BYTES + " bytes of excess data at start of stack");
        }
        return Arrays.copyOfRange(words, from, words.length);
    }
}
