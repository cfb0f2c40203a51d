// SPDX-License-Identifier: Apache-2.0
//
// Gives everybody back what they send, up to 15 connections at a time, for ever. A connection that doesn't receive
// stops itself only: what it sends stays with it. Needs no C library.
#include "gate.h"

enum { CONNECTIONS_MAX = 15, CHUNK = 4096 };

struct connection {
    struct gate_stream *stream; // NULL: free
    uint32_t length;            // bytes that were read and not written yet
    uint32_t written;
    uint8_t bytes[CHUNK];
};

static struct connection connections[CONNECTIONS_MAX];

// Does what can be done without waiting.
static void serve(struct connection *c) {
    while (true) {
        if (c->written == c->length) {
            int32_t count = gate_read_some(c->stream, c->bytes, CHUNK);
            if (count == GATE_NOTHING) {
                return;
            }
            if (count == 0) {
                break;
            }
            c->length = (uint32_t)count;
            c->written = 0;
        }
        int32_t count = gate_write_some(c->stream, c->bytes + c->written, c->length - c->written);
        if (count == GATE_CLOSED) {
            break;
        }
        if (count == 0) {
            return;
        }
        c->written += (uint32_t)count;
    }
    gate_close(c->stream);
    c->stream = 0;
}

void _start(void) {
    gate_listen(gate_discover_one("origin"), CONNECTIONS_MAX);
    while (true) {
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            struct connection *c = &connections[i];
            if (!c->stream && (c->stream = gate_accepted())) {
                c->length = c->written = 0;
            }
            if (c->stream) {
                serve(c);
            }
        }
        gate_wait(-1);
    }
}
