// SPDX-License-Identifier: Apache-2.0
/**
 * Gate for programs in Java, which TeaVM compiles to WebAssembly: services, calls and streams, without a number of the
 * protocol in the program. Begin with {@link gate.guest.Gate}, {@link gate.guest.Service} and
 * {@link gate.guest.GateStream}.
 *
 * <p>A program has one thread and one channel, in which both directions are bounded: one that only sends, while the other
 * side waits for it to receive, stands still for ever. So everything here that waits receives too, and what is received is
 * put where it belongs at once: it is never more than what was asked for, a reply for each call and the bytes that each
 * stream has granted.
 *
 * <p>A program can be stopped anywhere, saved, and continued elsewhere. Its connections are lost then: their streams end
 * ({@link gate.guest.GateStream#read} gives -1, writing fails), and listening goes on.
 * {@link gate.guest.Gate#resumed} tells.
 *
 * <p>What isn't here: threads, as TeaVM has none for WebAssembly.
 */
package gate.guest;
