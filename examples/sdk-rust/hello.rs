// SPDX-License-Identifier: Apache-2.0

//! Greets whoever connects, and ends. Without WASI: a library for wasm32-unknown-unknown that exports its beginning.

use gate_guest::{Error, Gate};

fn greet(gate: &Gate) -> Result<(), Error> {
    let origin = gate.discover_one("origin")?;
    origin.listen(1).accept()?.write_all(b"hello from Rust\n")
}

#[no_mangle]
pub extern "C" fn _start() {
    let gate = Gate::new();
    greet(&gate).unwrap();
    gate.flush();
}
