// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

/// Counts of stops, by how the program went on.
///
/// @param newStore from a saved file, in a new store
/// @param sameStore from a saved file, in the same store, linked to the same other instances
/// @param inPlace without a file, because linked instances can't be saved on their own
record Suspensions(long newStore, long sameStore, long inPlace) {
    static final Suspensions NONE = new Suspensions(0, 0, 0);

    Suspensions plus(Suspensions other) {
        return new Suspensions(newStore + other.newStore, sameStore + other.sameStore, inPlace + other.inPlace);
    }

    long all() {
        return newStore + sameStore + inPlace;
    }
}
