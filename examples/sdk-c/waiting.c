// SPDX-License-Identifier: Apache-2.0
//
// What a program gets that waits for a service over a resumption: it calls one that doesn't reply, until no more calls can
// wait, and reads from one of its streams. Ends with 0 if either all were answered, or the service is gone and all failed.
#include "gate.h"

static struct gate_call calls[GATE_CALLS_MAX];
static char replies[GATE_CALLS_MAX][4];
static int service;
static struct gate_stream *stream;

static void opened(struct gate_call *call) {
    int32_t id;
    __builtin_memcpy(&id, call->reply, 4);
    stream = gate_open_stream(service, id);
}

int main(void) {
    service = gate_discover_one("example.com/patience");
    int32_t id;
    struct gate_call open = {.reply = &id, .capacity = sizeof id, .replied = opened};
    if (!gate_call_start(&open, service, "stream", 6)) {
        return 1;
    }
    gate_call_wait(&open);
    gate_grant(stream);
    for (int i = 0; i < GATE_CALLS_MAX; i++) {
        calls[i].reply = replies[i];
        calls[i].capacity = sizeof replies[i];
        if (!gate_call_start(&calls[i], service, "wait", 4)) {
            return 2;
        }
    }
    // Waits for one of the others.
    int32_t length = gate_call(service, "wait", 4, replies[0], sizeof replies[0]);
    bool gone = length == -1;
    if (gone == gate_available(service) || (!gone && length != 4)) {
        return 3;
    }
    for (int i = 0; i < GATE_CALLS_MAX; i++) {
        gate_call_wait(&calls[i]);
        if (calls[i].lost != gone || calls[i].length != (gone ? 0 : 4)) {
            return 4;
        }
    }
    char byte;
    if (gate_read(stream, &byte, 1) != 0 || gate_write(stream, "x", 1)) {
        return 5;
    }
    gate_close(stream);
    gate_flush();
    return 0;
}
