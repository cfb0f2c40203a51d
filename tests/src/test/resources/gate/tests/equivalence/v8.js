// SPDX-License-Identifier: Apache-2.0
// Runs programs as gate.tests.equivalence.ObservedRun does: a line of JSON each, as Program writes it.
'use strict';
const fs = require('fs');
const scratch = new DataView(new ArrayBuffer(8));

const kinds = [
  [/^host$/, 'host'],
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

// ---- values ----

function raw(type, it) {
  if (type === 'f32') scratch.setFloat32(0, it);
  else scratch.setFloat64(0, it);
  return type === 'f32' ? scratch.getInt32(0) : scratch.getBigInt64(0);
}

function fromRaw(type, text, functions) {
  switch (type) {
    case 'i32':
      return Number(text) | 0;
    case 'i64':
      return BigInt(text);
    case 'f32':
      scratch.setInt32(0, Number(text));
      return scratch.getFloat32(0);
    case 'f64':
      scratch.setBigInt64(0, BigInt(text));
      return scratch.getFloat64(0);
    case 'funcref':
      return text === '0' ? null : functions(Number(text) - 1);
    default:
      return text === '0' ? null : Number(text);
  }
}

// V8 names exported functions by their indices.
function reference(it) {
  return typeof it === 'function' ? Number(it.name) : it;
}

function value(type, it) {
  switch (type) {
    case 'i32':
    case 'i64':
      return String(it);
    case 'f32':
    case 'f64':
      return Number.isNaN(it) ? 'nan' : String(raw(type, it));
    default:
      return it === null ? 'null' : String(reference(it));
  }
}

function fold(big) {
  return Number(BigInt.asIntN(32, big ^ (big >> 32n)));
}

function word(type, it) {
  switch (type) {
    case 'i32':
      return it;
    case 'i64':
      return fold(it);
    case 'f32':
      return Number.isNaN(it) ? 7 : raw(type, it);
    case 'f64':
      return Number.isNaN(it) ? 7 : fold(raw(type, it));
    default:
      return it === null ? 0 : 1;
  }
}

function make(type, sum) {
  switch (type) {
    case 'i32':
      return sum;
    case 'i64':
      return BigInt(sum) * 0x100000001n;
    case 'f32':
      return sum;
    case 'f64':
      return sum / 4;
    case 'externref':
      return sum & 1 ? 79 : null;
    default:
      return null;
  }
}

// ---- imports ----

let hostCalls = 0;

function host(parameters, results) {
  return (...values) => {
    let sum = hostCalls++;
    parameters.forEach((type, i) => (sum = (Math.imul(sum, 31) + word(type, values[i])) | 0));
    if (hostCalls % 256 === 0) throw new Error('host');
    const made = results.map((type, i) => {
      sum = (Math.imul(sum, 31) + i) | 0;
      return make(type, sum);
    });
    return made.length > 1 ? made : made[0];
  };
}

const jsType = type => (type === 'funcref' ? 'anyfunc' : type);

function limits(minimum, maximum) {
  return maximum < 0 ? {initial: minimum} : {initial: minimum, maximum};
}

function given(label, type) {
  switch (label[0]) {
    case 'f':
      return host(...type);
    case 'g':
      return new WebAssembly.Global({value: jsType(type[0]), mutable: type[1]}, fromRaw(type[0], type[2]));
    case 'm':
      return new WebAssembly.Memory(limits(...type));
    default:
      // Without a second argument an external reference would be undefined.
      return new WebAssembly.Table({element: jsType(type[0]), ...limits(type[1], type[2])}, null);
  }
}

// Several imports may have one name: they are read in their order (WebAssembly JavaScript Interface, "read the
// imports").
function importObject(imports, made) {
  const waiting = imports.map(([, , label, ...type]) => (made[label] = given(label, type)));
  const values = Object.create(null);
  for (const [from, name] of imports) {
    values[from] ??= Object.create(null);
    Object.defineProperty(values[from], name, {get: () => waiting.shift(), configurable: true});
  }
  return values;
}

// ---- what is seen ----

function sum(count, at) {
  let result = 0x811C9DC5 | 0;
  for (let i = 0; i < count; i++) result = Math.imul(result ^ at(i), 0x01000193);
  return result;
}

function see(label, type, it) {
  switch (label[0]) {
    case 'g':
      return value(type, it.value);
    case 'm': {
      const words = new Int32Array(it.buffer);
      return words.length / 16384 + ':' + sum(words.length, i => words[i]);
    }
    default:
      return it.length + ':' + sum(it.length, i => (it.get(i) === null ? -1 : reference(it.get(i))));
  }
}

// ---- running ----

function run(line) {
  const [base64, fuel, fuelSteps, imports, calls, things] = JSON.parse(line);
  hostCalls = 0;
  const made = {};
  const values = importObject(imports, made);
  let exports = null;
  const seen = () =>
    things
      .filter(([, origin]) => exports || origin === 'imported')
      .map(([label, origin, name, type]) => {
        return ' ' + label + '=' + see(label, type, origin === 'imported' ? made[label] : exports[name]);
      })
      .join('');
  let module;
  try {
    module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  } catch (error) {
    return 'refused: ' + error.message;
  }
  try {
    exports = new WebAssembly.Instance(module, values).exports;
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) return 'refused: ' + error.message;
    return 'start traps ' + kind(error) + seen();
  }
  const steps = ['start' + seen()];
  for (const [name, parameters, results] of calls) {
    exports[fuel].value = fuelSteps;
    const step = 'call f' + exports[name].name;
    const arguments_ = parameters.map(([type, text]) => fromRaw(type, text, () => exports[name]));
    try {
      const returned = exports[name](...arguments_);
      const all = results.length > 1 ? [...returned] : results.length === 1 ? [returned] : [];
      steps.push([step, ...all.map((it, i) => value(results[i], it))].join(' ') + seen());
    } catch (error) {
      steps.push(step + ' traps ' + kind(error) + seen());
    }
  }
  return steps.join('; ');
}

for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (line) console.log(run(line));
}
