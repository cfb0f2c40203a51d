// SPDX-License-Identifier: Apache-2.0
/// WASI preview 1 for programs that people run on their own machine (`gate run`): the 46 functions of
/// `wasi_snapshot_preview1`.
///
/// Read first: [gate.executor.host.wasi.Wasi] (one instance's open files and what it remembers),
/// [gate.executor.host.wasi.WasiPreview1] (the functions, by name) and [gate.executor.host.wasi.PathResolver] (why no
/// path leads out of a given directory).
///
/// A `Wasi` is for one thread at a time: the one that runs its instance, or the one that saves it meanwhile stopped.
/// The world outside (streams, clocks, randomness, directories) comes in as a
/// [gate.executor.host.wasi.WasiWorld]. Files are reached by Linux system calls, linked when the first is made; a
/// program that only prints makes none.
///
/// Not here: sockets (the `sock_*` functions answer that no descriptor is one), command line, signals.
@NullMarked
package gate.executor.host.wasi;

import org.jspecify.annotations.NullMarked;
