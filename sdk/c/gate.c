// SPDX-License-Identifier: Apache-2.0
//
// See gate.h. The protocol: each packet begins with its size (u32), the service's number or -1 for discovery (i16), what
// kind it is (u8) and, in replies, which of the waiting calls it answers (u8). Packets are padded to a multiple of 8.
#include "gate.h"

#ifndef GATE_STREAMS_MAX
#define GATE_STREAMS_MAX 16
#endif
#ifndef GATE_STREAM_BUFFER
#define GATE_STREAM_BUFFER 4096
#endif

_Static_assert(GATE_STREAMS_MAX >= 1 && GATE_STREAMS_MAX <= GATE_CALLS_MAX, "each may wait for a reply");
_Static_assert(GATE_STREAM_BUFFER >= 1 && GATE_STREAM_BUFFER <= 0x40000000, "it is granted at once");

#define HEADER 8u
#define STREAM_HEADER 16u // also stream id and note
#define DISCOVERY (-1)

enum domain { CALL, INFO, FLOW, DATA };

enum slot_state {
    FREE,
    ASKED,  // waits for a connection
    NEW,    // has one that the program hasn't taken
    TAKEN,  // is the program's
    CLOSED, // waits for the other side to say its ends
};

// Both directions end in two steps: who sends says that there is no more (an empty data packet), who receives that it wants
// no more (a flow of 0). A stream is over when all four were said, and only then may its number mean another.
struct gate_stream {
    enum slot_state state;
    int service;
    int32_t id;
    uint32_t sendable; // bytes that the other side has granted and hasn't been sent
    uint32_t consumed; // bytes read that haven't been granted again
    bool granted;      // to be granted when the program takes it
    bool said_end;     // by us: nothing more is sent
    bool said_enough;  // by us: nothing more is wanted
    bool ended;        // by the other side
    bool enough;       // by the other side
    uintptr_t user;
    uint32_t start; // of the bytes that were received
    uint32_t length;
    uint8_t buffer[GATE_STREAM_BUFFER];
};

struct part {
    const void *at;
    uint32_t length;
};

__attribute__((import_module("gate"), import_name("io_65536"))) //
void gate_io_import(const struct part *receive, uint32_t receive_parts, uint32_t *received, const struct part *send,
                    uint32_t send_parts, uint32_t *sent, int64_t nanos, uint64_t *flags);

static _Alignas(8) uint8_t in[GATE_PACKET_MAX];
static uint32_t in_length;
static _Alignas(8) uint8_t out[GATE_PACKET_MAX];
static uint32_t out_length;

static uint8_t states[GATE_SERVICES_MAX];
static bool gone[GATE_SERVICES_MAX]; // for good
static int service_count;   // as the program has asked
static int service_replies; // as it has been told
static bool discovering;   // a reply is awaited

static struct gate_call *calls; // the oldest first, of all services
static void (*info_function)(int service, const void *content, uint32_t length);

static struct gate_stream streams[GATE_STREAMS_MAX];
static struct gate_call accepts[GATE_STREAMS_MAX];
static int32_t accept_replies[GATE_STREAMS_MAX][2];
static int origin_service = -1;
static uint32_t accepts_wanted;

static uint64_t happened;
static uint64_t waited_for;
static uint32_t starts;
static uint32_t starts_told;

// ---- bytes: without a library, and not to become a call of one ----

__attribute__((noinline, no_builtin)) static void copy(void *to, const void *from, uint32_t length) {
    uint8_t *t = to;
    const uint8_t *f = from;
    while (length && ((uintptr_t)t & 7)) {
        *t++ = *f++;
        length--;
    }
    for (; length >= 8; t += 8, f += 8, length -= 8) {
        uint64_t word;
        __builtin_memcpy(&word, f, 8);
        __builtin_memcpy(t, &word, 8);
    }
    while (length--) {
        *t++ = *f++;
    }
}

__attribute__((noinline, no_builtin)) static uint32_t text_length(const char *text) {
    uint32_t length = 0;
    while (text[length]) {
        length++;
    }
    return length;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint32_t padded(uint32_t size) {
    return (size + 7) & ~7u;
}

static int32_t int_at(const uint8_t *at) {
    int32_t value;
    __builtin_memcpy(&value, at, 4);
    return value;
}

static void put_int(uint8_t *at, int32_t value) {
    __builtin_memcpy(at, &value, 4);
}

static void must(bool right) {
    if (!right) {
        __builtin_trap();
    }
}

// ---- what is received, which never sends anything: sending may be what waits ----

static bool is_over(const struct gate_stream *s) {
    return s->said_end && s->said_enough && s->ended && s->enough;
}

static struct gate_stream *find_stream(int service, int32_t id) {
    for (uint32_t i = 0; i < GATE_STREAMS_MAX; i++) {
        struct gate_stream *s = &streams[i];
        if (s->state >= NEW && s->service == service && s->id == id && !is_over(s)) {
            return s;
        }
    }
    return 0;
}

static void release_if_over(struct gate_stream *s) {
    if (s->state == CLOSED && is_over(s)) {
        s->state = FREE;
    }
}

static void begin_stream(struct gate_stream *s, int service, int32_t id, enum slot_state state) {
    s->state = state;
    s->service = service;
    s->id = id;
    s->sendable = 0;
    s->consumed = 0;
    s->granted = s->said_end = s->said_enough = s->ended = s->enough = false;
    s->user = 0;
    s->start = 0;
    s->length = 0;
}

// What waits for a service that isn't available any more waits no longer.
static void lost_service(int service) {
    struct gate_call **at = &calls;
    while (*at) {
        struct gate_call *call = *at;
        if (call->service != service) {
            at = &call->next;
            continue;
        }
        gone[service] = true;
        *at = call->next;
        call->lost = call->done = true;
        if (call->replied) {
            call->replied(call);
        }
    }
    for (uint32_t i = 0; i < GATE_STREAMS_MAX; i++) {
        struct gate_stream *s = &streams[i];
        if (s->state >= NEW && s->service == service) {
            s->ended = s->enough = true;
            release_if_over(s);
        }
    }
}

static void received_services(const uint8_t *packet, uint32_t size) {
    uint16_t count;
    if (size < HEADER + 2) {
        return;
    }
    __builtin_memcpy(&count, packet + HEADER, 2);
    uint32_t told = least(least(count, GATE_SERVICES_MAX), size - HEADER - 2);
    for (uint32_t i = 0; i < told; i++) {
        states[i] = gone[i] ? 0 : packet[HEADER + 2 + i];
        if (!(states[i] & 1)) {
            lost_service((int)i);
        }
    }
    if ((packet[6] & 15) == CALL) {
        service_replies = (int)told;
        discovering = false;
    }
}

static void received_reply(int service, uint8_t index, const uint8_t *content, uint32_t length) {
    for (struct gate_call **at = &calls; *at; at = &(*at)->next) {
        struct gate_call *call = *at;
        if (call->service == service && index-- == 0) {
            *at = call->next;
            call->length = length;
            copy(call->reply, content, least(length, call->capacity));
            call->done = true;
            if (call->replied) {
                call->replied(call);
            }
            return;
        }
    }
}

static void received_flow(int service, const uint8_t *content, uint32_t length) {
    for (; length >= 8; content += 8, length -= 8) {
        struct gate_stream *s = find_stream(service, int_at(content));
        int32_t value = int_at(content + 4);
        if (!s) {
            continue;
        }
        if (value > 0) {
            s->sendable += (uint32_t)value; // the protocol has it never pass 2^31 - 1
        } else if (value == 0) {
            s->enough = true;
            release_if_over(s);
        }
    }
}

static void received_data(int service, const uint8_t *packet, uint32_t size) {
    struct gate_stream *s = size < STREAM_HEADER ? 0 : find_stream(service, int_at(packet + HEADER));
    if (!s) {
        return;
    }
    uint32_t length = size - STREAM_HEADER;
    if (length == 0) {
        s->ended = true;
        release_if_over(s);
        return;
    }
    if (s->said_enough || s->ended) {
        return; // was on its way
    }
    must(length <= GATE_STREAM_BUFFER - s->length); // never more than was granted
    uint32_t end = (s->start + s->length) % GATE_STREAM_BUFFER;
    uint32_t first = least(length, GATE_STREAM_BUFFER - end);
    copy(s->buffer + end, packet + STREAM_HEADER, first);
    copy(s->buffer, packet + STREAM_HEADER + first, length - first);
    s->length += length;
}

static void received(const uint8_t *packet, uint32_t size) {
    int16_t service;
    __builtin_memcpy(&service, packet + 4, 2);
    if (service == DISCOVERY) {
        received_services(packet, size);
    }
    if (service < 0) {
        return; // kinds of packets that are yet to be invented
    }
    switch (packet[6] & 15) {
    case CALL:
        received_reply(service, packet[7], packet + HEADER, size - HEADER);
        break;
    case INFO:
        if (info_function) {
            info_function(service, packet + HEADER, size - HEADER);
        }
        break;
    case FLOW:
        received_flow(service, packet + HEADER, size - HEADER);
        break;
    case DATA:
        received_data(service, packet, size);
        break;
    default:
        break;
    }
}

// Sends what there is to be sent, receives what there is, and waits for either.
static void transfer(int64_t nanos) {
    struct part receive = {in + in_length, sizeof in - in_length};
    struct part send = {out, out_length};
    uint32_t received_now = 0;
    uint32_t sent_now = 0;
    uint64_t flags = 0;
    gate_io_import(&receive, 1, &received_now, &send, out_length ? 1 : 0, &sent_now, nanos, &flags);
    starts += flags & 1;
    happened += (received_now || sent_now || (flags & 1)) ? 1 : 0;
    out_length -= sent_now;
    if (sent_now) {
        copy(out, out + sent_now, out_length); // forwards, to lower addresses
    }
    in_length += received_now;
    uint32_t done = 0;
    while (in_length - done >= HEADER) {
        uint32_t size = (uint32_t)int_at(in + done);
        must(size >= HEADER && size <= GATE_PACKET_MAX);
        if (in_length - done < padded(size)) {
            break;
        }
        received(in + done, size);
        done += padded(size);
    }
    in_length -= done;
    if (done) {
        copy(in, in + done, in_length);
    }
}

// ---- sending ----

static void put_header(uint8_t *packet, int service, enum domain domain, uint32_t size) {
    put_int(packet, (int32_t)size);
    put_int(packet + 4, (int32_t)(uint16_t)service | (int32_t)domain << 16);
}

// Makes room for a packet, by receiving as long as there is none.
static uint8_t *begin_packet(int service, enum domain domain, uint32_t size) {
    must(size <= GATE_PACKET_MAX);
    while (sizeof out - out_length < padded(size)) {
        transfer(-1);
    }
    uint8_t *packet = out + out_length;
    out_length += padded(size);
    for (uint32_t i = size; i < padded(size); i++) {
        packet[i] = 0;
    }
    put_header(packet, service, domain, size);
    return packet;
}

static void send_content(int service, enum domain domain, const void *content, uint32_t length) {
    must(length <= GATE_CONTENT_MAX);
    copy(begin_packet(service, domain, HEADER + length) + HEADER, content, length);
}

static void send_flow(struct gate_stream *s, int32_t value) {
    uint8_t *packet = begin_packet(s->service, FLOW, STREAM_HEADER);
    put_int(packet + 8, s->id);
    put_int(packet + 12, value);
}

static void send_data(struct gate_stream *s, const void *data, uint32_t length) {
    uint8_t *packet = begin_packet(s->service, DATA, STREAM_HEADER + length);
    put_int(packet + 8, s->id);
    put_int(packet + 12, 0);
    copy(packet + STREAM_HEADER, data, length);
}

// ---- services ----

int gate_discover(const char *const *names, int count) {
    uint32_t size = HEADER + 2;
    if (count < 0 || count > GATE_SERVICES_MAX - service_count) {
        return -1;
    }
    for (int i = 0; i < count; i++) {
        uint32_t length = text_length(names[i]);
        if (length == 0 || length > GATE_NAME_MAX) {
            return -1;
        }
        size += 1 + length;
    }
    int first = service_count;
    if (count == 0) {
        return first;
    }
    uint8_t *packet = begin_packet(DISCOVERY, CALL, size);
    packet[8] = (uint8_t)count;
    packet[9] = (uint8_t)(count >> 8);
    uint8_t *at = packet + HEADER + 2;
    for (int i = 0; i < count; i++) {
        uint32_t length = text_length(names[i]);
        *at++ = (uint8_t)length;
        copy(at, names[i], length);
        at += length;
    }
    service_count += count;
    discovering = true;
    while (discovering) {
        transfer(-1);
    }
    return first;
}

int gate_discover_one(const char *name) {
    return gate_discover(&name, 1);
}

bool gate_available(int service) {
    must(service >= 0 && service < service_count);
    return service < service_replies && (states[service] & 1);
}

// ---- calls ----

static uint32_t waiting_calls(int service) {
    uint32_t count = 0;
    for (struct gate_call *call = calls; call; call = call->next) {
        count += call->service == service;
    }
    return count;
}

bool gate_call_start(struct gate_call *call, int service, const void *content, uint32_t length) {
    call->service = service;
    call->length = 0;
    call->next = 0;
    must(length <= GATE_CONTENT_MAX);
    // Nothing is received between the last look at whether there is the service, and when the call waits.
    while (gate_available(service)
           && (waiting_calls(service) >= GATE_CALLS_MAX || sizeof out - out_length < padded(HEADER + length))) {
        transfer(-1);
    }
    call->done = call->lost = !gate_available(service);
    if (call->done) {
        return false;
    }
    send_content(service, CALL, content, length);
    struct gate_call **end = &calls;
    while (*end) {
        end = &(*end)->next;
    }
    *end = call;
    return true;
}

void gate_call_wait(struct gate_call *call) {
    while (!call->done) {
        transfer(-1);
    }
}

int32_t gate_call(int service, const void *content, uint32_t length, void *reply, uint32_t capacity) {
    struct gate_call call = {.reply = reply, .capacity = capacity};
    if (!gate_call_start(&call, service, content, length)) {
        return -1;
    }
    gate_call_wait(&call);
    return call.lost ? -1 : (int32_t)call.length;
}

void gate_info(int service, const void *content, uint32_t length) {
    if (gate_available(service)) {
        send_content(service, INFO, content, length);
    }
}

void gate_on_info(void (*told)(int service, const void *content, uint32_t length)) {
    info_function = told;
}

// ---- streams ----

static void accept_replied(struct gate_call *call) {
    struct gate_stream *s = &streams[call->slot];
    const int32_t *reply = accept_replies[call->slot];
    bool connected = call->length >= 8 && (reply[1] & 0xffff) == 0;
    begin_stream(s, call->service, reply[0], connected ? NEW : FREE);
}

static uint32_t slots_in(enum slot_state state) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < GATE_STREAMS_MAX; i++) {
        count += streams[i].state == state;
    }
    return count;
}

static void ask_for_connections(void) {
    for (uint32_t i = 0; i < GATE_STREAMS_MAX && slots_in(ASKED) < accepts_wanted; i++) {
        if (streams[i].state == FREE) {
            streams[i].state = ASKED;
            accepts[i] = (struct gate_call){
                .reply = accept_replies[i], .capacity = sizeof accept_replies[i], .replied = accept_replied, .slot = i};
            if (!gate_call_start(&accepts[i], origin_service, 0, 0)) {
                streams[i].state = FREE;
                return;
            }
        }
    }
}

void gate_listen(int origin, int connections) {
    must(connections >= 1);
    origin_service = origin;
    accepts_wanted = least((uint32_t)connections, GATE_STREAMS_MAX);
    ask_for_connections();
}

struct gate_stream *gate_accepted(void) {
    if (origin_service < 0) {
        return 0;
    }
    ask_for_connections();
    for (uint32_t i = 0; i < GATE_STREAMS_MAX; i++) {
        if (streams[i].state == NEW) {
            streams[i].state = TAKEN;
            gate_grant(&streams[i]);
            return &streams[i];
        }
    }
    return 0;
}

struct gate_stream *gate_accept(int origin) {
    if (!gate_available(origin)) {
        return 0;
    }
    if (origin_service < 0) {
        gate_listen(origin, 1);
    }
    while (true) {
        struct gate_stream *stream = gate_accepted();
        if (stream || !gate_available(origin)) {
            return stream;
        }
        transfer(-1);
    }
}

struct gate_stream *gate_open_stream(int service, int32_t id) {
    for (uint32_t i = 0; i < GATE_STREAMS_MAX; i++) {
        if (streams[i].state == FREE) {
            begin_stream(&streams[i], service, id, TAKEN);
            return &streams[i];
        }
    }
    return 0;
}

void gate_grant(struct gate_stream *s) {
    must(s->state == TAKEN);
    if (!s->granted && !s->said_enough) {
        s->granted = true;
        send_flow(s, GATE_STREAM_BUFFER);
    }
}

int32_t gate_read_some(struct gate_stream *s, void *data, uint32_t capacity) {
    must(s->state == TAKEN);
    if (s->length == 0) {
        return s->ended || s->said_enough ? 0 : GATE_NOTHING;
    }
    uint32_t count = least(least(capacity, s->length), 0x7fffffff);
    uint32_t first = least(count, GATE_STREAM_BUFFER - s->start);
    copy(data, s->buffer + s->start, first);
    copy((uint8_t *)data + first, s->buffer, count - first);
    s->start = (s->start + count) % GATE_STREAM_BUFFER;
    s->length -= count;
    s->consumed += count;
    // A packet for every few bytes would cost more than they do; half of the buffer is still there to be filled.
    if (s->consumed >= (GATE_STREAM_BUFFER + 1) / 2 && !s->ended && !s->said_enough) {
        int32_t consumed = (int32_t)s->consumed;
        s->consumed = 0;
        send_flow(s, consumed);
    }
    return (int32_t)count;
}

int32_t gate_read(struct gate_stream *s, void *data, uint32_t capacity) {
    int32_t count;
    while ((count = gate_read_some(s, data, capacity)) == GATE_NOTHING) {
        transfer(-1);
    }
    return count;
}

int32_t gate_write_some(struct gate_stream *s, const void *data, uint32_t length) {
    must(s->state == TAKEN && !s->said_end);
    uint32_t done = 0;
    while (done < length) {
        if (s->enough) {
            return done ? (int32_t)done : GATE_CLOSED;
        }
        uint32_t room = sizeof out - out_length;
        if (room <= STREAM_HEADER) {
            transfer(0);
            room = sizeof out - out_length;
        }
        uint32_t count = least(length - done, s->sendable);
        count = room <= STREAM_HEADER ? 0 : least(count, room - STREAM_HEADER);
        if (count == 0) {
            break;
        }
        s->sendable -= count;
        send_data(s, (const uint8_t *)data + done, count);
        done += count;
    }
    return (int32_t)done;
}

bool gate_write(struct gate_stream *s, const void *data, uint32_t length) {
    const uint8_t *at = data;
    while (length) {
        int32_t count = gate_write_some(s, at, length);
        if (count < 0) {
            return false;
        }
        at += count;
        length -= (uint32_t)count;
        if (length) {
            transfer(-1);
        }
    }
    return !s->enough;
}

bool gate_print(struct gate_stream *s, const char *text) {
    return gate_write(s, text, text_length(text));
}

void gate_close_write(struct gate_stream *s) {
    must(s->state == TAKEN);
    if (!s->said_end) {
        s->said_end = true;
        send_data(s, 0, 0);
    }
}

void gate_close_read(struct gate_stream *s) {
    must(s->state == TAKEN);
    if (!s->said_enough) {
        s->said_enough = true;
        s->length = 0;
        send_flow(s, 0);
    }
}

void gate_close(struct gate_stream *s) {
    gate_close_write(s);
    gate_close_read(s);
    s->state = CLOSED;
    release_if_over(s);
}

uintptr_t *gate_user(struct gate_stream *s) {
    return &s->user;
}

// ---- waiting ----

void gate_wait(int64_t nanos) {
    if (origin_service >= 0) {
        ask_for_connections();
    }
    if (waited_for == happened) {
        transfer(nanos);
    }
    waited_for = happened;
}

void gate_flush(void) {
    while (out_length) {
        transfer(-1);
    }
}

bool gate_resumed(void) {
    // The first time is the program's start.
    uint32_t before = starts_told ? starts_told : 1;
    if (starts <= before) {
        return false;
    }
    starts_told = starts;
    return true;
}
