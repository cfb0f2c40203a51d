// SPDX-License-Identifier: Apache-2.0

use crate::channel::{Pending, StreamKey};
use crate::{Error, Gate, Service, CALLS_MAX, STREAM_WINDOW};

/// Brings connections to the program, one stream each.
pub struct Listener {
    origin: Service,
    connections: usize,
}

impl Listener {
    pub(crate) fn begin(origin: &Service, connections: usize) -> Listener {
        let listener = Listener {
            origin: origin.clone(),
            connections: connections.clamp(1, CALLS_MAX),
        };
        listener.ask();
        listener
    }

    /// Waits for a connection.
    pub fn accept(&self) -> Result<Stream, Error> {
        loop {
            if let Some(stream) = self.try_accept() {
                return Ok(stream);
            }
            if !self.origin.available() {
                return Err(Error::Unavailable);
            }
            self.origin.gate.channel.borrow_mut().transfer(-1);
        }
    }

    /// A new connection, if there is one.
    pub fn try_accept(&self) -> Option<Stream> {
        let gate = &self.origin.gate;
        let taken = {
            let mut channel = gate.channel.borrow_mut();
            let at = channel.accepted.iter().position(|key| key.0 == self.origin.code);
            at.and_then(|at| channel.accepted.remove(at))
        };
        self.ask();
        taken.map(|key| Stream::begin(gate, key))
    }

    fn ask(&self) {
        let mut channel = self.origin.gate.channel.borrow_mut();
        while channel.accepts(self.origin.code) < self.connections {
            if channel.start_call(self.origin.code, &[], Pending::Accept).is_err() {
                return;
            }
        }
    }
}

/// A stream of bytes in both directions. It is closed when it is dropped.
pub struct Stream {
    gate: Gate,
    key: StreamKey,
    serial: u64,
}

impl Stream {
    /// The channel knows the stream already.
    pub(crate) fn begin(gate: &Gate, key: StreamKey) -> Stream {
        let mut channel = gate.channel.borrow_mut();
        channel.send_flow(key, STREAM_WINDOW);
        let serial = channel.streams.get(&key).map_or(0, |state| state.serial);
        Stream {
            gate: gate.clone(),
            key,
            serial,
        }
    }

    /// Waits for data. 0: the other side has ended what it sends or is gone, or [`Stream::close_read`] was called.
    pub fn read(&mut self, data: &mut [u8]) -> usize {
        loop {
            if let Some(count) = self.try_read(data) {
                return count;
            }
            self.gate.channel.borrow_mut().transfer(-1);
        }
    }

    /// The same without waiting: `None` where there is nothing yet.
    pub fn try_read(&mut self, data: &mut [u8]) -> Option<usize> {
        let mut channel = self.gate.channel.borrow_mut();
        let stream = match channel.stream(self.key, self.serial) {
            Some(stream) => stream,
            None => return Some(0),
        };
        if stream.buffer.is_empty() && !data.is_empty() {
            return if stream.ended || stream.said_enough { Some(0) } else { None };
        }
        let count = data.len().min(stream.buffer.len());
        for (to, from) in data.iter_mut().zip(stream.buffer.drain(..count)) {
            *to = from;
        }
        stream.consumed += count;
        channel.grant_again(self.key);
        Some(count)
    }

    /// Sends all of the data, waiting while the other side doesn't receive. What has been sent may still be in the
    /// program: [`Gate::flush`].
    pub fn write_all(&mut self, mut data: &[u8]) -> Result<(), Error> {
        while !data.is_empty() {
            let count = self.try_write(data)?;
            data = &data[count..];
            if !data.is_empty() {
                self.gate.channel.borrow_mut().transfer(-1);
            }
        }
        Ok(())
    }

    /// Sends as much as can be without waiting, and says how many bytes that was.
    pub fn try_write(&mut self, data: &[u8]) -> Result<usize, Error> {
        let mut channel = self.gate.channel.borrow_mut();
        let mut done = 0;
        loop {
            let room = channel.data_room();
            let stream = channel.stream(self.key, self.serial).ok_or(Error::Closed)?;
            if stream.enough || stream.said_end {
                return if done > 0 { Ok(done) } else { Err(Error::Closed) };
            }
            let count = (data.len() - done).min(stream.sendable).min(room);
            if count == 0 {
                return Ok(done);
            }
            stream.sendable -= count;
            channel.send_data(self.key, &data[done..done + count]);
            done += count;
        }
    }

    /// Half-closes: ends what the program sends. It can still read.
    pub fn close_write(&mut self) {
        let mut channel = self.gate.channel.borrow_mut();
        if let Some(stream) = channel.stream(self.key, self.serial).filter(|stream| !stream.said_end) {
            stream.said_end = true;
            channel.send_data(self.key, &[]);
        }
        channel.forget_if_over(self.key);
    }

    /// Half-closes: says that the program reads no more. It can still write.
    pub fn close_read(&mut self) {
        let mut channel = self.gate.channel.borrow_mut();
        if let Some(stream) = channel.stream(self.key, self.serial).filter(|stream| !stream.said_enough) {
            stream.said_enough = true;
            stream.buffer.clear();
            channel.send_flow(self.key, 0);
        }
        channel.forget_if_over(self.key);
    }

    /// What the service has said with the end of what it sends; what it means is the service's matter.
    pub fn note(&self) -> Option<i32> {
        let channel = self.gate.channel.borrow();
        channel
            .streams
            .get(&self.key)
            .filter(|stream| stream.serial == self.serial && stream.ended)
            .map(|stream| stream.note)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.close_write();
        self.close_read();
    }
}

#[cfg(feature = "std")]
mod io {
    use super::Stream;
    use std::io::{Error, ErrorKind, Read, Result, Write};

    impl Read for Stream {
        fn read(&mut self, data: &mut [u8]) -> Result<usize> {
            Ok(Stream::read(self, data))
        }
    }

    impl Write for Stream {
        fn write(&mut self, data: &[u8]) -> Result<usize> {
            Stream::write_all(self, data).map_err(|e| Error::new(ErrorKind::BrokenPipe, e))?;
            Ok(data.len())
        }

        fn flush(&mut self) -> Result<()> {
            self.gate.flush();
            Ok(())
        }
    }
}
