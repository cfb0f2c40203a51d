// SPDX-License-Identifier: Apache-2.0
//
// Greets whoever connects, and ends. Needs no C library.
#include "gate.h"

void _start(void) {
    struct gate_stream *stream = gate_accept(gate_discover_one("origin"));
    gate_print(stream, "hello from C\n");
    gate_close(stream);
    gate_flush();
}
