// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

/// What is saved of a service that a program has discovered: reference 7.4. The array is not copied, and
/// not changed.
///
/// @param name as the program wrote it
/// @param state for the service alone to understand; empty for nothing
public record ServiceState(String name, byte[] state) {}
