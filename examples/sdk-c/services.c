// SPDX-License-Identifier: Apache-2.0
//
// Says which services there are, and uses some of them. With a C library.
#include "gate.h"

#include <stdio.h>

static const char *const names[] = {"origin", "catalog", "identity", "internal/test", "example.com/unknown"};
enum { ORIGIN, CATALOG, IDENTITY, TEST, COUNT = 5 };

int main(void) {
    char line[512];
    char reply[4096];
    int first = gate_discover(names, COUNT);
    struct gate_stream *stream = gate_accept(first + ORIGIN);
    if (!stream) {
        return 1;
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(line, sizeof line, "%s: %s\n", names[i], gate_available(first + i) ? "available" : "not available");
        gate_print(stream, line);
    }
    // Two calls at once: what replies say decides which of the calls they answer.
    struct gate_call calls[2];
    char answers[2][64];
    for (int i = 0; i < 2; i++) {
        char wanted = (char)i; // 0: who runs the program, 1: the instance
        calls[i] = (struct gate_call){.reply = answers[i], .capacity = sizeof answers[i]};
        gate_call_start(&calls[i], first + IDENTITY, &wanted, 1);
    }
    for (int i = 0; i < 2; i++) {
        gate_call_wait(&calls[i]);
        snprintf(line, sizeof line, "%s: %.*s\n", i ? "instance" : "run by", (int)calls[i].length, answers[i]);
        gate_print(stream, line);
    }
    int32_t length = gate_call(first + TEST, "test", 4, reply, sizeof reply);
    if (length >= 0) {
        snprintf(line, sizeof line, "echoed: %.*s\n", (int)length, reply);
        gate_print(stream, line);
    }
    length = gate_call(first + CATALOG, "json", 4, reply, sizeof reply);
    if (length > 0 && length <= (int32_t)sizeof reply) {
        gate_write(stream, reply, (uint32_t)length);
    }
    gate_close(stream);
    gate_flush();
    return 0;
}
