// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// How an import function ends: with an error number of WASI preview 1 (witx `$errno`, those that are given
/// here), or not yet.
enum Answer {
    SUCCESS(0),
    AGAIN(6),
    BADF(8),
    FAULT(21),
    INVAL(28),
    NOTSOCK(57),
    PERM(63),
    NOTCAPABLE(76),
    /// No error number: the call had no effect, and is made again when the program goes on.
    REPEAT(-1);

    private final int code;

    Answer(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
