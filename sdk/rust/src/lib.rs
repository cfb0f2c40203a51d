// SPDX-License-Identifier: Apache-2.0

//! Gate for programs in Rust: services, calls and streams, without a number of the protocol in the program.
//!
//! A program has one thread and one channel, in which both directions are bounded: one that only sends, while the other
//! side waits for it to receive, stands still for ever. So everything here that waits receives too, and what is received is
//! put where it belongs at once: it is never more than what was asked for, a reply for each call and the bytes that each
//! stream has granted ([`STREAM_WINDOW`]).
//!
//! A program can be stopped anywhere, saved, and continued elsewhere. Its connections are lost then: their streams end
//! ([`Stream::read`] gives 0, [`Stream::write_all`] fails), and listeners go on. [`Gate::resumed`] tells.
//!
//! Values of this crate belong to one thread, which is all that programs have.
#![no_std]
#![deny(missing_docs)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod channel;
mod stream;

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use channel::{Channel, Pending};
use core::cell::RefCell;
use core::fmt;
pub use stream::{Listener, Stream};

/// Bytes of a call's or a reply's content.
pub const CONTENT_MAX: usize = channel::PACKET_MAX - channel::HEADER;
/// Services that a program discovers in its life, unavailable ones included.
pub const SERVICES_MAX: usize = 256;
/// Bytes of a service's name.
pub const NAME_MAX: usize = 127;
/// Calls of one service that wait for replies. A further one waits for these.
pub const CALLS_MAX: usize = 256;
/// Bytes received on a stream that the program hasn't read.
pub const STREAM_WINDOW: usize = 32_768;

/// What can't be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The service can't be used, or went away before it has replied: see [`Service::available`].
    Unavailable,
    /// The receiver wants no more, or the stream was closed here.
    Closed,
    /// A service's name is empty or longer than [`NAME_MAX`], or content longer than [`CONTENT_MAX`].
    Length,
    /// There would be more services than [`SERVICES_MAX`].
    TooManyServices,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::Unavailable => "the service is not available",
            Error::Closed => "the stream is closed",
            Error::Length => "a name or content is too long or empty",
            Error::TooManyServices => "there are too many services",
        })
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Error {}

/// The program's channel to Gate. There must be one only; clones are the same one.
#[derive(Clone)]
pub struct Gate {
    channel: Rc<RefCell<Channel>>,
}

impl Gate {
    /// To be called once, as a second channel would receive what is the first one's.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Gate {
        Gate {
            channel: Rc::new(RefCell::new(Channel::new())),
        }
    }

    /// Asks for services by name, and waits for the answer: one service for each name, in this order.
    ///
    /// Ask for each service once in the program's life: a second time ends it.
    pub fn discover(&self, names: &[&str]) -> Result<Vec<Service>, Error> {
        let mut channel = self.channel.borrow_mut();
        let first = channel.discover(names)?;
        drop(channel);
        Ok(names
            .iter()
            .enumerate()
            .map(|(i, name)| Service {
                gate: self.clone(),
                name: name.to_string(),
                code: (first + i) as i16,
            })
            .collect())
    }

    /// The same for one service.
    pub fn discover_one(&self, name: &str) -> Result<Service, Error> {
        Ok(self.discover(&[name])?.remove(0))
    }

    /// Waits until something has been received or sent since this returned last, at most so long; `None`: for ever.
    ///
    /// It may return without reason. A program with many streams does everything that it can do without waiting (the
    /// methods whose names begin with `try_`), then this.
    pub fn wait(&self, nanos: Option<u64>) {
        let limit = nanos.map_or(-1, |n| n.min(i64::MAX as u64) as i64);
        self.channel.borrow_mut().wait(limit);
    }

    /// Waits until all that was sent has left the program. To be called before the program ends.
    pub fn flush(&self) {
        self.channel.borrow_mut().flush();
    }

    /// Whether the program was resumed since this was asked last: its connections were lost, and services may have changed.
    pub fn resumed(&self) -> bool {
        self.channel.borrow_mut().resumed()
    }

    /// What services tell the program unasked is kept from here on, `count` messages at most; the oldest are dropped for
    /// newer ones. Without this, none are kept.
    pub fn keep_infos(&self, count: usize) {
        self.channel.borrow_mut().infos_max = count;
    }

    /// The oldest of them: which service, and what.
    pub fn try_info(&self) -> Option<(i16, Vec<u8>)> {
        self.channel.borrow_mut().infos.pop_front()
    }
}

/// A service that the program has discovered, available or not.
#[derive(Clone)]
pub struct Service {
    gate: Gate,
    name: String,
    code: i16,
}

impl Service {
    /// By which it was asked for.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its number, as [`Gate::try_info`] gives it.
    pub fn code(&self) -> i16 {
        self.code
    }

    /// Whether it can be used. That may change when the program is resumed.
    ///
    /// Where a service is gone then, calls that wait for it fail with [`Error::Unavailable`], and its streams end. If there
    /// were such calls, it stays unavailable for good: when it is back, nobody knows which of them it still answers.
    pub fn available(&self) -> bool {
        self.gate.channel.borrow().available(self.code)
    }

    /// Calls the service and waits for the reply. A service answers what it doesn't know with nothing, an empty reply.
    pub fn call(&self, content: &[u8]) -> Result<Vec<u8>, Error> {
        self.start(content)?.wait()
    }

    /// Calls the service without waiting for the reply.
    pub fn start(&self, content: &[u8]) -> Result<Call, Error> {
        self.start_as(content, Pending::Plain)
    }

    /// Calls a service whose reply names a stream, and waits for the reply. `id` finds the stream's number there.
    pub fn call_stream(
        &self,
        content: &[u8],
        id: fn(reply: &[u8]) -> Option<i32>,
    ) -> Result<(Vec<u8>, Option<Stream>), Error> {
        let reply = self.start_as(content, Pending::Stream(id))?.wait()?;
        let stream = id(&reply).map(|number| Stream::begin(&self.gate, (self.code, number)));
        Ok((reply, stream))
    }

    /// Tells the service something, which isn't answered.
    pub fn tell(&self, content: &[u8]) -> Result<(), Error> {
        let mut channel = self.gate.channel.borrow_mut();
        if !channel.available(self.code) {
            return Err(Error::Unavailable);
        }
        channel.send_content(self.code, channel::INFO, content)
    }

    /// Has `connections` of them wait for the program to take them, from now on: 1 to [`CALLS_MAX`]. For the service
    /// `origin`.
    pub fn listen(&self, connections: usize) -> Listener {
        Listener::begin(self, connections)
    }

    fn start_as(&self, content: &[u8], pending: Pending) -> Result<Call, Error> {
        let number = self
            .gate
            .channel
            .borrow_mut()
            .start_call(self.code, content, pending)?;
        Ok(Call {
            gate: self.gate.clone(),
            number,
        })
    }
}

/// A call that waits for its reply. One that is dropped has its reply dropped too.
pub struct Call {
    gate: Gate,
    number: u64,
}

impl Call {
    /// Waits for the reply. [`Error::Unavailable`]: the service is gone.
    pub fn wait(self) -> Result<Vec<u8>, Error> {
        loop {
            let mut channel = self.gate.channel.borrow_mut();
            if let Some(reply) = channel.replies.remove(&self.number) {
                return reply;
            }
            channel.transfer(-1);
        }
    }

    /// The reply, once, if it has arrived, or that there won't be one.
    pub fn try_reply(&mut self) -> Option<Result<Vec<u8>, Error>> {
        self.gate.channel.borrow_mut().replies.remove(&self.number)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.gate.channel.borrow_mut().forget_call(self.number);
    }
}
