// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

/// A kind of service, of which every program that uses it has an instance.
public interface Service {}
