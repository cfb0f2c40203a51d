// SPDX-License-Identifier: Apache-2.0

//! Says which services there are, and uses some of them.

use gate_guest::Gate;
use std::error::Error;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let gate = Gate::new();
    let services = gate.discover(&["origin", "catalog", "identity", "internal/test", "example.com/unknown"])?;
    let (origin, catalog, identity, test) = (&services[0], &services[1], &services[2], &services[3]);
    let mut stream = origin.listen(1).accept()?;
    for service in &services {
        let state = if service.available() { "available" } else { "not available" };
        writeln!(stream, "{}: {}", service.name(), state)?;
    }
    // Two calls at once: what replies say decides which of the calls they answer.
    let principal = identity.start(&[0])?;
    let instance = identity.start(&[1])?;
    writeln!(stream, "run by: {}", String::from_utf8_lossy(&principal.wait()?))?;
    writeln!(stream, "instance: {}", String::from_utf8_lossy(&instance.wait()?))?;
    if let Ok(reply) = test.call(b"test") {
        writeln!(stream, "echoed: {}", String::from_utf8_lossy(&reply))?;
    }
    stream.write_all(&catalog.call(b"json")?)?;
    drop(stream);
    gate.flush();
    Ok(())
}
