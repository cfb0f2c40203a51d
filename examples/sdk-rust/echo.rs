// SPDX-License-Identifier: Apache-2.0

//! Gives everybody back what they send, as many connections at a time as there are, for ever. A connection that doesn't
//! receive stops itself only: what it sends stays with it.

use gate_guest::{Error, Gate, Stream};

struct Connection {
    stream: Stream,
    bytes: [u8; 4096],
    written: usize,
    length: usize,
}

impl Connection {
    /// Does what can be done without waiting. Says whether there will be more.
    fn serve(&mut self) -> Result<bool, Error> {
        loop {
            if self.written == self.length {
                match self.stream.try_read(&mut self.bytes) {
                    None => return Ok(true),
                    Some(0) => return Ok(false),
                    Some(length) => self.length = length,
                }
                self.written = 0;
            }
            match self.stream.try_write(&self.bytes[self.written..self.length])? {
                0 => return Ok(true),
                count => self.written += count,
            }
        }
    }
}

fn main() {
    let gate = Gate::new();
    let origin = gate.discover_one("origin").unwrap();
    let listener = origin.listen(8);
    let mut connections: Vec<Connection> = Vec::new();
    loop {
        while let Some(stream) = listener.try_accept() {
            connections.push(Connection {
                stream,
                bytes: [0; 4096],
                written: 0,
                length: 0,
            });
        }
        connections.retain_mut(|connection| connection.serve().unwrap_or(false));
        gate.wait(None);
    }
}
