// SPDX-License-Identifier: Apache-2.0

//! Tells whoever connects the next number, and another one for every line that they send. It counts on when it was stopped,
//! saved and resumed: its connections are lost then, and it accepts new ones.

use gate_guest::{Gate, Stream};
use std::io::{BufRead, BufReader, Write};

fn tell(stream: &mut BufReader<Stream>, number: &mut u64) {
    *number += 1;
    // Who has gone is noticed when there is no more input.
    let _ = writeln!(stream.get_mut(), "{}", number);
}

fn main() {
    let gate = Gate::new();
    let origin = gate.discover_one("origin").unwrap();
    let listener = origin.listen(1);
    let mut number = 0;
    loop {
        let mut stream = BufReader::new(listener.accept().unwrap());
        let mut line = String::new();
        if gate.resumed() {
            let _ = writeln!(stream.get_mut(), "welcome back");
        }
        tell(&mut stream, &mut number);
        while stream.read_line(&mut line).unwrap_or(0) > 0 {
            tell(&mut stream, &mut number);
            line.clear();
        }
    }
}
