// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// A call that was stopped and is made again when the guest goes on.
///
/// @param function the field name
/// @param progress how far it came: nanoseconds waited by `poll_oneoff`, bytes given by `random_get`
public record PendingCall(String function, long progress) {}
