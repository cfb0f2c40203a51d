// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// What the memories, or the tables, of one instance may still grow by together.
public final class Allowance {
    private long left;

    /// @param total pages or elements
    public Allowance(long total) {
        this.left = total;
    }

    /// @return false, with nothing taken, where there isn't as much left
    boolean take(long amount) {
        if (amount > left) {
            return false;
        }
        left -= amount;
        return true;
    }

    void giveBack(long amount) {
        left += amount;
    }

    long left() {
        return left;
    }
}
