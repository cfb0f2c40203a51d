// Runs kernels in V8: the same rounds and the same output as gate.bench.kernels.KernelWorker.
// Arguments: folder of the binaries, seconds of warm-up, rounds, NAME=SIZE...
import { readFileSync } from "node:fs";

const [folder, warmUp, rounds, ...kernels] = process.argv.slice(2);
const runners = kernels.map((kernel) => {
  const [name, size] = kernel.split("=");
  const module = new WebAssembly.Module(readFileSync(`${folder}/${name}.wasm`));
  const { run } = new WebAssembly.Instance(module).exports;
  return { name, run, size: Number(size), checksum: run(Number(size)), nanos: [] };
});

function round(measure) {
  for (const runner of runners) {
    const begun = process.hrtime.bigint();
    const checksum = runner.run(runner.size);
    const ended = process.hrtime.bigint();
    if (checksum !== runner.checksum) {
      throw new Error(`${runner.name} yields ${checksum} after ${runner.checksum}`);
    }
    if (measure) {
      runner.nanos.push(ended - begun);
    }
  }
}

const start = Date.now();
do {
  round(false);
} while (Date.now() - start < Number(warmUp) * 1000);
for (let i = 0; i < Number(rounds); i++) {
  round(true);
}
for (const { name, checksum, nanos } of runners) {
  console.log([name, checksum, ...nanos].join("\t"));
}
