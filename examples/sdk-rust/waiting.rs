// SPDX-License-Identifier: Apache-2.0

//! What a program gets that waits for a service over a resumption: it calls one that doesn't reply, until no more calls can
//! wait, and reads from one of its streams. Ends with 0 if either all were answered, or the service is gone and all failed.

use gate_guest::{Error, Gate, CALLS_MAX};

fn number(reply: &[u8]) -> Option<i32> {
    Some(i32::from_le_bytes([reply[0], reply[1], reply[2], reply[3]]))
}

fn main() -> Result<(), Error> {
    let gate = Gate::new();
    let service = gate.discover_one("example.com/patience")?;
    let (_, stream) = service.call_stream(b"stream", number)?;
    let mut stream = stream.unwrap();
    let mut calls = Vec::new();
    for _ in 0..CALLS_MAX {
        calls.push(service.start(b"wait")?);
    }
    let further = service.call(b"wait"); // waits for one of the others
    let gone = further == Err(Error::Unavailable);
    assert_eq!(service.available(), !gone);
    let expected = if gone { Err(Error::Unavailable) } else { Ok(b"wait".to_vec()) };
    assert_eq!(further, expected);
    assert_eq!(calls[0].try_reply(), Some(expected.clone()));
    for call in calls.into_iter().skip(1) {
        assert_eq!(call.wait(), expected);
    }
    assert_eq!(stream.read(&mut [0]), 0);
    assert_eq!(stream.write_all(b"x"), Err(Error::Closed));
    drop(stream);
    gate.flush();
    Ok(())
}
