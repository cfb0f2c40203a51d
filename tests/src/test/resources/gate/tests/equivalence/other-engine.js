// SPDX-License-Identifier: Apache-2.0
// Runs modules as OtherEngineEquivalenceIT does, one a line: hexadecimal bytes, then functions with their types.
'use strict';
const fs = require('fs');
const scratch = new DataView(new ArrayBuffer(8));

const kinds = [
  [/unreachable/, 'unreachable'],
  [/call stack/, 'stack'],
  [/memory access|memory index|data segment/, 'memory'],
  [/table index|table access|element segment|table or element/, 'table'],
  [/signature mismatch|null function or/, 'signature'],
  [/null pointer|null/, 'null'],
  [/divide by zero|remainder by zero/, 'zero'],
  [/unrepresentable/, 'range'],
];

function kind(error) {
  const found = kinds.find(([pattern]) => pattern.test(error.message));
  return found ? found[1] : String(error);
}

function value(type, it) {
  switch (type) {
    case 'i32':
    case 'i64':
      return String(it);
    case 'f32':
      scratch.setFloat32(0, it);
      return Number.isNaN(it) ? 'nan' : String(scratch.getInt32(0));
    case 'f64':
      scratch.setFloat64(0, it);
      return Number.isNaN(it) ? 'nan' : String(scratch.getBigInt64(0));
    default:
      return it === null ? 'null' : typeof it === 'function' ? 'function' : String(it);
  }
}

function sum(memory) {
  const words = new Int32Array(memory.buffer);
  let result = 0x811C9DC5 | 0;
  for (let i = 0; i < words.length; i++) result = Math.imul(result ^ words[i], 0x01000193);
  return words.length / 16384 + ' ' + result;
}

function run(line) {
  const [hex, list] = line.split(' ');
  let calls = 0;
  let exports = null;
  const early = {};
  const host = {
    tick: x => (calls++, (Math.imul(x, 31) + calls) | 0),
    swap: (a, b) => (calls++, [b, a ^ BigInt(calls)]),
    pick: (e, f) => (calls++, f === null ? 9 : e),
    pause: () => {
      calls++;
      // During the start function there are no exports yet.
      if (exports) new DataView(exports.m0.buffer).setInt32(8, calls, true);
      else early.pause = calls;
    },
  };
  const module = new WebAssembly.Module(Buffer.from(hex, 'hex'));
  try {
    exports = new WebAssembly.Instance(module, {host}).exports;
  } catch (error) {
    return 'start traps ' + kind(error);
  }
  if (early.pause) return 'start pauses';
  const out = ['start'];
  for (const [name, parameters, results] of (list ? list.split(';') : []).map(f => f.split(':'))) {
    exports.steps.value = 600;
    const zeros = (parameters ? parameters.split(',') : []).map(type => (type === 'i64' ? 0n : 0));
    try {
      const types = results ? results.split(',') : [];
      let values = exports[name](...zeros);
      if (types.length === 0) values = [];
      else if (types.length === 1) values = [values];
      out.push([name, ...[...values].map((it, i) => value(types[i], it))].join(' '));
    } catch (error) {
      out.push(name + ' traps ' + kind(error));
    }
  }
  for (let i = 0; exports['m' + i]; i++) out.push('m' + i + ' ' + sum(exports['m' + i]));
  return out.join('; ');
}

for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (line) console.log(run(line));
}
