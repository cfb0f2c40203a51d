// Runs a WASI program under Node: `node-wasi.mjs FILE.wasm FOLDER [ARGS...]`, the folder being the program's root.
import fs from "node:fs";
import { WASI } from "node:wasi";

const [file, folder, ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: "preview1",
  args: [file, ...args],
  env: { PWD: "/" },
  preopens: { "/": folder },
  returnOnExit: true,
});
const module = await WebAssembly.compile(fs.readFileSync(file));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);
