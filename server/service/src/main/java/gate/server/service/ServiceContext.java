// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

/// What services know about a program. It may be another one after the program was continued elsewhere.
///
/// @param principal who runs it, for instance `ed25519:…` or `local`; empty for nobody
/// @param instance the instance's UUID; empty where it has none
public record ServiceContext(String principal, String instance) {
    /// Nobody's program, which has no name.
    public static final ServiceContext ANONYMOUS = new ServiceContext("", "");

    public boolean hasPrincipal() {
        return !principal.isEmpty();
    }
}
