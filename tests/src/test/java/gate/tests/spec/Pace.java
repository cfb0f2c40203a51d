// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

/// How often a run of guest code is stopped.
///
/// A stop costs what saving and restoring costs, and some of the suite's programs run for millions of instructions or
/// a hundred thousand calls deep: so beyond some stops, frames or bytes, each stretch is [#GROWTH] times as long as the
/// one before.
///
/// @param label in the table
/// @param step instructions between stops; 0 for no stops
/// @param entries whether it also stops before the first instruction, by a request instead of for want of fuel
/// @param stopsMax stops at equal distance in one action
/// @param framesMax frames saved by those, all together
/// @param bytesMax bytes saved by those, all together
record Pace(String label, int step, boolean entries, int stopsMax, long framesMax, long bytesMax) {
    static final Pace STRAIGHT = new Pace("straight", 0, false, 0, 0, 0);
    /// Counts instructions and never comes to the end of its first stretch.
    static final Pace COUNTED = new Pace("counting, straight", Integer.MAX_VALUE, false, 1, 1, 1);

    static final Pace EVERY_SEVENTH = new Pace("every 7 instructions", 7, false, 200, 5_000, 16 << 20);
    static final Pace EVERY_POINT = new Pace("every suspend point", 1, true, 2_000, 20_000, 64 << 20);

    /// Tenfold: the last file of a recursion that exhausts the stack is then about the only large one.
    static final int GROWTH = 10;

    boolean stops() {
        return step > 0;
    }
}
