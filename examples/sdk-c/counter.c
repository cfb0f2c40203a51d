// SPDX-License-Identifier: Apache-2.0
//
// Tells whoever connects the next number, and another one for every line that they send. It counts on when it was stopped,
// saved and resumed: its connections are lost then, and it accepts new ones. Needs no C library.
#include "gate.h"

static void tell(struct gate_stream *stream, uint32_t number) {
    char text[12];
    char *at = text + sizeof text;
    *--at = 0;
    *--at = '\n';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    gate_print(stream, at);
}

void _start(void) {
    int origin = gate_discover_one("origin");
    uint32_t number = 0;
    struct gate_stream *stream;
    while ((stream = gate_accept(origin))) {
        char input[256];
        int32_t length;
        if (gate_resumed()) {
            gate_print(stream, "welcome back\n");
        }
        tell(stream, ++number);
        while ((length = gate_read(stream, input, sizeof input)) > 0) {
            for (int32_t i = 0; i < length; i++) {
                if (input[i] == '\n') {
                    tell(stream, ++number);
                }
            }
        }
        gate_close(stream);
    }
}
