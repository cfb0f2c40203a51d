// SPDX-License-Identifier: Apache-2.0
//
// Gate for programs in C: packets, services and streams, without a number of the protocol in the program.
//
// Compile gate.c together with the program, for WASI or without any library:
//
//     clang-14 --target=wasm32-wasi --sysroot=/usr -O2 -o program.wasm program.c gate.c
//     clang-14 --target=wasm32-unknown-unknown -nostdlib -ffreestanding -O2 -o program.wasm program.c gate.c   # exports _start
//
// How it works. A program has one thread and one channel, in which both directions are bounded: one that only sends, while
// the other side waits for it to receive, stands still for ever. So every function here that waits receives too, and what
// is received is put where it belongs at once: replies into the memory that the call came with, data into the stream's
// buffer, of which the other side was told how much there is. Nothing queues up, and nothing is allocated: all memory is
// what the limits below say.
//
// A program can be stopped in any of these functions, saved, and continued elsewhere. Its connections are lost then: their
// streams end (gate_read returns 0, gate_write fails), and accepting goes on by itself. gate_resumed() tells.
//
// Times are nanoseconds, lengths bytes. Wrong use (a service number that was never discovered, a stream after it was
// closed) traps, as it would be the end of the program anyway.
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- limits: those of the protocol, and those that -D can set when gate.c is compiled ----

#define GATE_PACKET_MAX 65536   // bytes of a packet, its header included
#define GATE_CONTENT_MAX 65528  // bytes of a call's or reply's content
#define GATE_SERVICES_MAX 256   // services that a program discovers in its life, unavailable ones included
#define GATE_NAME_MAX 127       // bytes of a service's name
#define GATE_CALLS_MAX 256      // calls of one service that wait for replies; gate_call_start waits while there are as many

// GATE_STREAMS_MAX (16): streams at a time, those that wait for a connection included.
// GATE_STREAM_BUFFER (4096): bytes received on a stream that the program hasn't read; each stream has a buffer of so many.

// ---- services ----

// Asks for services by name, and waits for the answer. The first has the number that is returned, the next one more, and
// so on, whether they are available or not. -1 where the program would have more than GATE_SERVICES_MAX, or a name is
// empty or too long: nothing was asked then. Ask for each service once: a second time ends the program.
int gate_discover(const char *const *names, int count);

// The same for one.
int gate_discover_one(const char *name);

// Whether the service can be used. It may change when the program is resumed. What is sent to one that isn't available
// vanishes, and a call of it would never be answered, so those functions that would wait for that return at once.
//
// Where a service is gone when the program is resumed, calls that wait for it are done, as lost ones, and its streams end.
// If there were such calls, it stays unavailable for good: when it is back, nobody knows which of them it still answers.
bool gate_available(int service);

// ---- calls ----

// A call that waits for its reply. It belongs to the program, and must stay where it is until it is done.
struct gate_call {
    void *reply;       // where the reply's content goes
    uint32_t capacity; // bytes that fit there; more are cut off
    uint32_t length;   // bytes that the reply had, perhaps more than the capacity
    bool done;
    bool lost;         // done without a reply, as the service isn't available any more; the length is 0

    // Called when the call is done, unless NULL; from within whatever function waits. It must not wait itself: of
    // all functions here, it may use gate_open_stream.
    void (*replied)(struct gate_call *call);

    // Not for programs.
    int service;
    uint32_t slot;
    struct gate_call *next;
};

// Calls a service and waits for the reply.
//
// content: at most GATE_CONTENT_MAX bytes. Returns how many the reply had, perhaps more than the capacity; -1 where the
// service isn't available, or isn't any more before it has replied. A service answers a call that it doesn't know with nothing, 0 bytes.
int32_t gate_call(int service, const void *content, uint32_t length, void *reply, uint32_t capacity);

// Calls a service without waiting for the reply. Set reply, capacity and replied before. Replies may come in any order.
// Returns false, and the call is done and lost, and `replied` isn't called, where the service isn't available.
bool gate_call_start(struct gate_call *call, int service, const void *content, uint32_t length);

// Waits until the call is done, with a reply or lost.
void gate_call_wait(struct gate_call *call);

// Tells a service something, which isn't answered.
void gate_info(int service, const void *content, uint32_t length);

// Has services tell the program something unasked. The function must not wait, like gate_call's replied.
void gate_on_info(void (*told)(int service, const void *content, uint32_t length));

// ---- streams ----

struct gate_stream;

// Has so many connections wait for the program to take them, from now on: 1 to GATE_STREAMS_MAX. Fewer wait while there
// are many streams.
void gate_listen(int origin, int connections);

// A new connection if there is one, else NULL. Without gate_listen before, there is none.
struct gate_stream *gate_accepted(void);

// Waits for a new connection. NULL where origin isn't available. Calls gate_listen(origin, 1) if nothing has.
struct gate_stream *gate_accept(int origin);

// Takes the stream of another service, which its reply has named. Call it in `replied`, as what comes next may be for
// the stream already. NULL where there are GATE_STREAMS_MAX. Let gate_grant follow, outside of `replied`, to receive.
struct gate_stream *gate_open_stream(int service, int32_t id);

// Allows the other side to send. Connections have it done for them when they are taken.
void gate_grant(struct gate_stream *stream);

// Waits for data, and gives at most `capacity` bytes of it. 0: the other side has ended what it sends, or is gone.
int32_t gate_read(struct gate_stream *stream, void *data, uint32_t capacity);

// The same without waiting: GATE_NOTHING where there is nothing yet.
#define GATE_NOTHING (-1)
int32_t gate_read_some(struct gate_stream *stream, void *data, uint32_t capacity);

// Sends all of the data, waiting while the other side doesn't receive. False where it wants no more, or never got some of
// it. What has been sent may still be in the program's buffer: gate_flush.
bool gate_write(struct gate_stream *stream, const void *data, uint32_t length);
bool gate_print(struct gate_stream *stream, const char *text);

// Sends as much as can be without waiting, and returns how many bytes that was. GATE_CLOSED: no more are wanted.
#define GATE_CLOSED (-1)
int32_t gate_write_some(struct gate_stream *stream, const void *data, uint32_t length);

// Half-closes: ends what the program sends. It can still read.
void gate_close_write(struct gate_stream *stream);

// Half-closes: says that the program reads no more. It can still write.
void gate_close_read(struct gate_stream *stream);

// Closes both directions; the stream must not be used any more. What was written before is still delivered.
void gate_close(struct gate_stream *stream);

// A number of the program's own for each stream, 0 at first.
uintptr_t *gate_user(struct gate_stream *stream);

// ---- waiting ----

// Waits until something has been received or sent since this returned last, at most so long; less than 0: for ever.
// It may return without reason. A program with many streams does everything that it can do without waiting (the functions
// ending in _some, and gate_accepted), then this.
void gate_wait(int64_t nanos);

// Waits until all that was sent has left the program. To be called before the program ends.
void gate_flush(void);

// Whether the program was resumed since this was asked last: its connections were lost, and services may have changed.
bool gate_resumed(void);

#ifdef __cplusplus
}
#endif

#endif
