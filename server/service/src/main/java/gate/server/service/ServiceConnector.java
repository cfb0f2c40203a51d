// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import java.util.List;

/// Brings services that are processes of their own: reference 6.10. Found by [java.util.ServiceLoader],
/// because what it needs is large and few programs need it.
public interface ServiceConnector {
    /// Connects to processes, or starts them, and registers their services.
    ///
    /// @param targets as `docs/services.md` says
    /// @return what ends the connections and the processes that were started
    /// @throws IllegalArgumentException where a target can't be understood, or names aren't possible or
    ///     taken
    /// @throws ServiceFailure where a process that is needed isn't reached
    Connected connect(List<String> targets, Registry registry) throws InterruptedException;

    /// Connections. Programs that still use them are ended.
    interface Connected extends AutoCloseable {
        @Override
        void close();
    }
}
