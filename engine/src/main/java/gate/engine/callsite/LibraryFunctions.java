// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.abi.AbiFunction;

/// Call sites of the original's library: reference 7.7.
final class LibraryFunctions {
    private LibraryFunctions() {}

    /// Sites of an importable function: its prologue, and what follows in the library's code of it.
    static int sites(AbiFunction function) {
        return switch (function) {
            case FD, ARGS_GET, SCHED_YIELD, SOCK_RECV -> 1;
            case ARGS_SIZES_GET, CLOCK_TIME_GET, ENVIRON_SIZES_GET, FD_FDSTAT_SET_RIGHTS, RANDOM_GET -> 3;
            case FD_READ -> 4;
            case FD_FDSTAT_GET -> 5;
            case FD_WRITE -> 6;
            case IO -> 12;
            case ENVIRON_GET -> 13;
            case POLL_ONEOFF -> 34;
            default -> 2; // most of them only refuse
        };
    }
}
