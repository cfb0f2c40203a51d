// SPDX-License-Identifier: Apache-2.0

//! Changes to a module that `wasm-smith` has made, on its bytes, so that numbers stay as long as they were written.

const TYPES: u8 = 1;
const FUNCTIONS: u8 = 3;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;
const DEMOTE: u8 = 0xB6;
const PROMOTE: u8 = 0xBB;

/// Types of the two functions, and their bodies: `(select (local.get 0) (f32.const nan) (f32.eq (local.get 0)
/// (local.get 0)))`.
const CANONICAL_TYPES: [&[u8]; 2] = [&[0x60, 1, 0x7D, 1, 0x7D], &[0x60, 1, 0x7C, 1, 0x7C]];
const CANONICAL_BODIES: [&[u8]; 2] = [
    &[
        15, 0, 0x20, 0, 0x43, 0, 0, 0xC0, 0x7F, 0x20, 0, 0x20, 0, 0x5B, 0x1B, 0x0B,
    ],
    &[
        19, 0, 0x20, 0, 0x44, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F, 0x20, 0, 0x20, 0, 0x61, 0x1B, 0x0B,
    ],
];

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    fn ended(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    /// An unsigned number, or the bits of a signed one.
    fn number(&mut self) -> usize {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte();
            value |= ((byte & 0x7F) as u64).wrapping_shl(shift);
            shift += 7;
            if byte < 0x80 {
                return value as usize;
            }
        }
    }

    fn numbers(&mut self, count: usize) {
        for _ in 0..count {
            self.number();
        }
    }

    fn bytes(&mut self, count: usize) -> &'a [u8] {
        self.at += count;
        &self.bytes[self.at - count..self.at]
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while value > 0x7F {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Exports a global as `gate-fuel`, and makes the NaNs of `f32.demote_f64` and `f64.promote_f32` canonical, of which
/// `canonicalize_nans` doesn't think: the specification leaves their bits open (4.3.3 "NaN Propagation").
pub fn rewrite(module: &[u8], fuel: u32) -> Vec<u8> {
    let sections = sections(module);
    let content = |id| {
        sections
            .iter()
            .find(|(found, _)| *found == id)
            .map(|(_, content)| *content)
    };
    let types = content(TYPES).map_or(0, |types| Reader::new(types).number());
    let functions = content(EXPORTS).map_or(0, function_count);
    let mut out = module[..8].to_vec();
    for (id, content) in &sections {
        let changed = match *id {
            TYPES => longer(content, &CANONICAL_TYPES.map(<[u8]>::to_vec)),
            FUNCTIONS => longer(content, &[leb128(types), leb128(types + 1)]),
            EXPORTS => longer(content, &[export("gate-fuel", 3, fuel as usize)]),
            CODE => longer(&code(content, functions), &CANONICAL_BODIES.map(<[u8]>::to_vec)),
            _ => content.to_vec(),
        };
        out.push(*id);
        out.extend(leb128(changed.len()));
        out.extend(changed);
    }
    out
}

fn sections(module: &[u8]) -> Vec<(u8, &[u8])> {
    let mut reader = Reader { bytes: module, at: 8 };
    let mut sections = Vec::new();
    while !reader.ended() {
        let id = reader.byte();
        let size = reader.number();
        sections.push((id, reader.bytes(size)));
    }
    sections
}

/// All functions are exported.
fn function_count(exports: &[u8]) -> usize {
    let mut reader = Reader::new(exports);
    let mut count = 0;
    for _ in 0..reader.number() {
        let name = reader.number();
        reader.bytes(name);
        let kind = reader.byte();
        let index = reader.number();
        if kind == 0 {
            count = count.max(index + 1);
        }
    }
    count
}

fn export(name: &str, kind: u8, index: usize) -> Vec<u8> {
    [leb128(name.len()), name.into(), vec![kind], leb128(index)].concat()
}

/// A vector with more elements at its end.
fn longer(vector: &[u8], elements: &[Vec<u8>]) -> Vec<u8> {
    let mut reader = Reader::new(vector);
    let count = reader.number() + elements.len();
    [&leb128(count), reader.rest(), &elements.concat()].concat()
}

/// `functions` is the index of the first function that is added.
fn code(section: &[u8], functions: usize) -> Vec<u8> {
    let mut reader = Reader::new(section);
    let count = reader.number();
    let mut out = leb128(count);
    for _ in 0..count {
        let size = reader.number();
        let changed = body(reader.bytes(size), functions);
        out.extend(leb128(changed.len()));
        out.extend(changed);
    }
    out
}

fn body(bytes: &[u8], functions: usize) -> Vec<u8> {
    let mut reader = Reader::new(bytes);
    for _ in 0..reader.number() {
        reader.numbers(1);
        reader.byte();
    }
    let mut out = bytes[..reader.at].to_vec();
    while !reader.ended() {
        let from = reader.at;
        let opcode = reader.byte();
        immediates(&mut reader, opcode);
        out.extend_from_slice(&bytes[from..reader.at]);
        if opcode == DEMOTE || opcode == PROMOTE {
            out.push(0x10);
            out.extend(leb128(functions + usize::from(opcode == PROMOTE)));
        }
    }
    out
}

/// Skips what follows an opcode, of the instructions that the engine has: core specification 5.4.
fn immediates(reader: &mut Reader, opcode: u8) {
    match opcode {
        0x02..=0x04 | 0x0C | 0x0D | 0x10 | 0x12 | 0x20..=0x26 | 0x3F..=0x42 | 0xD0 | 0xD2 => reader.numbers(1),
        0x11 | 0x13 => reader.numbers(2),
        0x0E | 0x1C => {
            let count = reader.number();
            reader.numbers(count + usize::from(opcode == 0x0E));
        }
        0x28..=0x3E => {
            let several_memories = reader.number() & 0x40 != 0;
            reader.numbers(1 + usize::from(several_memories));
        }
        0x43 => drop(reader.bytes(4)),
        0x44 => drop(reader.bytes(8)),
        0xFC => match reader.number() {
            0..=7 => {}
            8 | 10 | 12 | 14 => reader.numbers(2),
            _ => reader.numbers(1),
        },
        _ => {}
    }
}
