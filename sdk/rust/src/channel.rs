// SPDX-License-Identifier: Apache-2.0

//! Packets. Each begins with its size (u32), the service's number or -1 for discovery (i16), what kind it is (u8) and, in
//! replies, which of the waiting calls it answers (u8). Packets are padded to a multiple of 8.

use crate::{Error, CALLS_MAX, CONTENT_MAX, NAME_MAX, SERVICES_MAX, STREAM_WINDOW};
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec;
use alloc::vec::Vec;

pub const PACKET_MAX: usize = 65_536;
pub const HEADER: usize = 8;
/// With stream id and note.
pub const STREAM_HEADER: usize = 16;

const DISCOVERY: i16 = -1;

pub const CALL: u8 = 0;
pub const INFO: u8 = 1;
pub const FLOW: u8 = 2;
pub const DATA: u8 = 3;

#[repr(C)]
struct Part {
    at: *const u8,
    length: usize,
}

#[link(wasm_import_module = "gate")]
extern "C" {
    #[link_name = "io_65536"]
    fn gate_io(
        receive: *const Part,
        receive_parts: u32,
        received: *mut u32,
        send: *const Part,
        send_parts: u32,
        sent: *mut u32,
        nanos: i64,
        flags: *mut u64,
    );
}

/// What becomes of a reply.
pub enum Pending {
    /// It waits for the program.
    Plain,
    /// The program has lost interest.
    Forgotten,
    /// It brings a connection.
    Accept,
    /// It waits for the program, and names a stream.
    Stream(fn(&[u8]) -> Option<i32>),
}

struct WaitingCall {
    service: i16,
    number: u64,
    pending: Pending,
}

/// Service and number.
pub type StreamKey = (i16, i32);

/// Both directions end in two steps: who sends says that there is no more, who receives that it wants no more. A stream is
/// over when all four were said, and only then may its number mean another.
#[derive(Default)]
pub struct StreamState {
    /// Which of all streams this is: numbers are used again.
    pub serial: u64,
    pub buffer: VecDeque<u8>,
    /// Bytes that the other side has granted.
    pub sendable: usize,
    /// Bytes read that haven't been granted again.
    pub consumed: usize,
    pub said_end: bool,
    pub said_enough: bool,
    /// By the other side.
    pub ended: bool,
    /// By the other side.
    pub enough: bool,
    pub note: i32,
}

pub struct Channel {
    input: Vec<u8>,
    input_length: usize,
    output: Vec<u8>,
    states: Vec<u8>,
    /// Services that stay unavailable for good.
    gone: BTreeSet<usize>,
    services: usize,
    discovering: bool,
    calls: VecDeque<WaitingCall>,
    calls_begun: u64,
    streams_begun: u64,
    /// Of calls that are done, with a reply or without.
    pub replies: BTreeMap<u64, Result<Vec<u8>, Error>>,
    pub streams: BTreeMap<StreamKey, StreamState>,
    /// Connections that the program hasn't taken.
    pub accepted: VecDeque<StreamKey>,
    pub infos: VecDeque<(i16, Vec<u8>)>,
    pub infos_max: usize,
    happened: u64,
    waited_for: u64,
    starts: u32,
    starts_told: u32,
}

fn padded(size: usize) -> usize {
    (size + 7) & !7
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

impl Channel {
    pub fn new() -> Channel {
        Channel {
            input: vec![0; PACKET_MAX],
            input_length: 0,
            output: Vec::with_capacity(PACKET_MAX),
            states: Vec::new(),
            gone: BTreeSet::new(),
            services: 0,
            discovering: false,
            calls: VecDeque::new(),
            calls_begun: 0,
            streams_begun: 0,
            replies: BTreeMap::new(),
            streams: BTreeMap::new(),
            accepted: VecDeque::new(),
            infos: VecDeque::new(),
            infos_max: 0,
            happened: 0,
            waited_for: 0,
            starts: 0,
            starts_told: 1,
        }
    }

    // ---- what is received, which never sends anything: sending may be what waits ----

    /// Sends what there is to be sent, receives what there is, and waits for either.
    pub fn transfer(&mut self, nanos: i64) {
        let receive = Part {
            at: self.input[self.input_length..].as_ptr(),
            length: PACKET_MAX - self.input_length,
        };
        let send = Part {
            at: self.output.as_ptr(),
            length: self.output.len(),
        };
        let (mut received, mut sent, mut flags) = (0u32, 0u32, 0u64);
        let sending = u32::from(!self.output.is_empty());
        // Sound: both parts are bytes of vectors that this holds alone.
        unsafe {
            gate_io(&receive, 1, &mut received, &send, sending, &mut sent, nanos, &mut flags);
        }
        self.output.drain(..sent as usize);
        self.input_length += received as usize;
        self.starts += (flags & 1) as u32;
        if received > 0 || sent > 0 || flags & 1 != 0 {
            self.happened += 1;
        }
        let input = core::mem::take(&mut self.input);
        let mut done = 0;
        while self.input_length - done >= HEADER {
            let size = u32_at(&input, done) as usize;
            assert!((HEADER..=PACKET_MAX).contains(&size), "a packet of {} bytes", size);
            if self.input_length - done < padded(size) {
                break;
            }
            self.received(&input[done..done + size]);
            done += padded(size);
        }
        self.input = input;
        self.input.copy_within(done..self.input_length, 0);
        self.input_length -= done;
    }

    fn received(&mut self, packet: &[u8]) {
        let service = u16_at(packet, 4) as i16;
        let content = &packet[HEADER..];
        let domain = packet[6] & 15;
        if service == DISCOVERY && content.len() >= 2 {
            let count = usize::from(u16_at(content, 0)).min(content.len() - 2);
            self.received_states(&content[2..2 + count]);
            self.discovering &= domain != CALL;
        }
        if service < 0 {
            return; // kinds of packets that are yet to be invented
        }
        match domain {
            CALL => self.received_reply(service, packet[7], content),
            INFO if self.infos_max > 0 => {
                if self.infos.len() >= self.infos_max {
                    self.infos.pop_front();
                }
                self.infos.push_back((service, content.to_vec()));
            }
            FLOW => self.received_flow(service, content),
            DATA if packet.len() >= STREAM_HEADER => self.received_data(service, packet),
            _ => {}
        }
    }

    fn received_states(&mut self, states: &[u8]) {
        self.states = states.to_vec();
        for service in 0..states.len() {
            if self.gone.contains(&service) {
                self.states[service] = 0;
            }
            if self.states[service] & 1 == 0 {
                self.lost_service(service);
            }
        }
    }

    /// What waits for a service that isn't available any more waits no longer.
    fn lost_service(&mut self, service: usize) {
        for call in core::mem::take(&mut self.calls) {
            if usize::try_from(call.service) != Ok(service) {
                self.calls.push_back(call);
                continue;
            }
            self.gone.insert(service);
            if matches!(call.pending, Pending::Plain | Pending::Stream(_)) {
                self.replies.insert(call.number, Err(Error::Unavailable));
            }
        }
        let lost = |key: &StreamKey| usize::try_from(key.0) == Ok(service);
        let keys: Vec<StreamKey> = self.streams.keys().copied().filter(lost).collect();
        for key in keys {
            if let Some(stream) = self.streams.get_mut(&key) {
                stream.ended = true;
                stream.enough = true;
            }
            self.forget_if_over(key);
        }
    }

    fn received_reply(&mut self, service: i16, index: u8, content: &[u8]) {
        let found = self
            .calls
            .iter()
            .enumerate()
            .filter(|(_, call)| call.service == service)
            .nth(usize::from(index))
            .map(|(at, _)| at);
        let call = match found.and_then(|at| self.calls.remove(at)) {
            Some(call) => call,
            None => return,
        };
        match call.pending {
            Pending::Forgotten => {}
            Pending::Plain => {
                self.replies.insert(call.number, Ok(content.to_vec()));
            }
            Pending::Stream(id) => {
                if let Some(number) = id(content) {
                    self.begin_stream((service, number));
                }
                self.replies.insert(call.number, Ok(content.to_vec()));
            }
            Pending::Accept => {
                if content.len() >= 8 && u16_at(content, 4) == 0 {
                    let key = (service, u32_at(content, 0) as i32);
                    self.begin_stream(key);
                    self.accepted.push_back(key);
                }
            }
        }
    }

    fn begin_stream(&mut self, key: StreamKey) {
        self.streams_begun += 1;
        let state = StreamState {
            serial: self.streams_begun,
            ..StreamState::default()
        };
        self.streams.insert(key, state);
    }

    /// The state of a stream that isn't over.
    pub fn stream(&mut self, key: StreamKey, serial: u64) -> Option<&mut StreamState> {
        self.streams.get_mut(&key).filter(|state| state.serial == serial)
    }

    fn received_flow(&mut self, service: i16, content: &[u8]) {
        for entry in content.chunks_exact(8) {
            let key = (service, u32_at(entry, 0) as i32);
            let value = u32_at(entry, 4) as i32;
            if let Some(stream) = self.streams.get_mut(&key) {
                if value > 0 {
                    stream.sendable += value as usize;
                }
                stream.enough |= value == 0;
                self.forget_if_over(key);
            }
        }
    }

    fn received_data(&mut self, service: i16, packet: &[u8]) {
        let key = (service, u32_at(packet, 8) as i32);
        let data = &packet[STREAM_HEADER..];
        if let Some(stream) = self.streams.get_mut(&key) {
            if data.is_empty() {
                stream.ended = true;
                stream.note = u32_at(packet, 12) as i32;
            } else if !stream.said_enough && !stream.ended {
                stream.buffer.extend(data);
            }
            self.forget_if_over(key);
        }
    }

    pub fn forget_if_over(&mut self, key: StreamKey) {
        let over = |s: &StreamState| s.said_end && s.said_enough && s.ended && s.enough;
        if self.streams.get(&key).map_or(false, over) {
            self.streams.remove(&key);
        }
    }

    // ---- sending ----

    /// Makes room for a packet, by receiving as long as there is none.
    fn make_room(&mut self, size: usize) {
        while PACKET_MAX - self.output.len() < padded(size) {
            self.transfer(-1);
        }
    }

    /// How many bytes of data a packet could have without waiting.
    pub fn data_room(&mut self) -> usize {
        if PACKET_MAX - self.output.len() <= STREAM_HEADER {
            self.transfer(0);
        }
        (PACKET_MAX - self.output.len()).saturating_sub(STREAM_HEADER)
    }

    fn send(&mut self, service: i16, domain: u8, parts: &[&[u8]]) {
        let size = HEADER + parts.iter().map(|part| part.len()).sum::<usize>();
        self.make_room(size);
        let end = self.output.len() + padded(size);
        self.output.extend_from_slice(&(size as u32).to_le_bytes());
        self.output.extend_from_slice(&service.to_le_bytes());
        self.output.extend_from_slice(&[domain, 0]);
        for part in parts {
            self.output.extend_from_slice(part);
        }
        self.output.resize(end, 0);
    }

    pub fn send_content(&mut self, service: i16, domain: u8, content: &[u8]) -> Result<(), Error> {
        if content.len() > CONTENT_MAX {
            return Err(Error::Length);
        }
        self.send(service, domain, &[content]);
        Ok(())
    }

    pub fn send_flow(&mut self, key: StreamKey, value: usize) {
        self.send(key.0, FLOW, &[&key.1.to_le_bytes(), &(value as u32).to_le_bytes()]);
    }

    pub fn send_data(&mut self, key: StreamKey, data: &[u8]) {
        self.send(key.0, DATA, &[&key.1.to_le_bytes(), &[0; 4], data]);
    }

    // ---- services and calls ----

    pub fn discover(&mut self, names: &[&str]) -> Result<usize, Error> {
        if names.len() > SERVICES_MAX - self.services {
            return Err(Error::TooManyServices);
        }
        let mut content = (names.len() as u16).to_le_bytes().to_vec();
        for name in names {
            if name.is_empty() || name.len() > NAME_MAX {
                return Err(Error::Length);
            }
            content.push(name.len() as u8);
            content.extend_from_slice(name.as_bytes());
        }
        let first = self.services;
        self.services += names.len();
        self.discovering = true;
        self.send(DISCOVERY, CALL, &[&content]);
        while self.discovering {
            self.transfer(-1);
        }
        Ok(first)
    }

    pub fn available(&self, service: i16) -> bool {
        self.states.get(service as usize).map_or(false, |state| state & 1 != 0)
    }

    /// The order of the waiting calls is that in which they are sent.
    pub fn start_call(&mut self, service: i16, content: &[u8], pending: Pending) -> Result<u64, Error> {
        if content.len() > CONTENT_MAX {
            return Err(Error::Length);
        }
        // Nothing is received between the last look at whether there is the service, and when the call waits.
        while self.available(service) && !self.can_call(service, HEADER + content.len()) {
            self.transfer(-1);
        }
        if !self.available(service) {
            return Err(Error::Unavailable);
        }
        self.send_content(service, CALL, content)?;
        self.calls_begun += 1;
        self.calls.push_back(WaitingCall {
            service,
            number: self.calls_begun,
            pending,
        });
        Ok(self.calls_begun)
    }

    fn can_call(&self, service: i16, size: usize) -> bool {
        let waiting = self.calls.iter().filter(|call| call.service == service).count();
        waiting < CALLS_MAX && PACKET_MAX - self.output.len() >= padded(size)
    }

    pub fn forget_call(&mut self, number: u64) {
        self.replies.remove(&number);
        if let Some(call) = self.calls.iter_mut().find(|call| call.number == number) {
            call.pending = Pending::Forgotten;
        }
    }

    /// How many accepts wait for a connection, or have one that the program hasn't taken.
    pub fn accepts(&self, service: i16) -> usize {
        let waiting = |call: &&WaitingCall| call.service == service && matches!(call.pending, Pending::Accept);
        self.calls.iter().filter(waiting).count() + self.accepted.iter().filter(|key| key.0 == service).count()
    }

    /// Grants what the program has read, if that is worth a packet.
    pub fn grant_again(&mut self, key: StreamKey) {
        if let Some(stream) = self.streams.get_mut(&key) {
            let consumed = stream.consumed;
            // Half of the window is still there to be filled.
            if consumed >= STREAM_WINDOW / 2 && !stream.ended && !stream.said_enough {
                stream.consumed = 0;
                self.send_flow(key, consumed);
            }
        }
    }

    // ---- waiting ----

    pub fn wait(&mut self, nanos: i64) {
        if self.waited_for == self.happened {
            self.transfer(nanos);
        }
        self.waited_for = self.happened;
    }

    pub fn flush(&mut self) {
        while !self.output.is_empty() {
            self.transfer(-1);
        }
    }

    /// The first start isn't one.
    pub fn resumed(&mut self) -> bool {
        let resumed = self.starts > self.starts_told;
        self.starts_told = self.starts_told.max(self.starts);
        resumed
    }
}
