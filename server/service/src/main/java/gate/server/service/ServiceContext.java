// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

/// What services know about a program. It may be another one after the program was continued elsewhere.
///
/// @param principal who runs it, for instance `ed25519:…` or `local`; empty for nobody
/// @param instance the instance's UUID; empty where it has none
/// @param process tells this run of the program from all others: a session gives it a new one
public record ServiceContext(String principal, String instance, ProcessKey process) {
    /// Nobody's program, which has no name.
    public static final ServiceContext ANONYMOUS = new ServiceContext("", "");

    public ServiceContext(String principal, String instance) {
        this(principal, instance, new ProcessKey());
    }

    public boolean hasPrincipal() {
        return !principal.isEmpty();
    }

    /// The same program, about to run.
    ServiceContext ofNewProcess() {
        return new ServiceContext(principal, instance, new ProcessKey());
    }
}
