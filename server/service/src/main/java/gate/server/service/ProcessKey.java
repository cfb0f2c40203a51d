// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// One run of a program, from its start or continuation to its next stop: what services that belong
/// together find each other by. Reference 6.10. Thread-safe.
public final class ProcessKey {
    private static final int BYTES = 16;

    private byte @Nullable [] bytes;

    /// One that nobody else has. The random number is made when somebody asks for it: few do.
    public ProcessKey() {}

    /// 16 random bytes, always the same.
    public synchronized byte[] bytes() {
        byte[] made = bytes;
        if (made == null) {
            made = new byte[BYTES];
            new SecureRandom().nextBytes(made);
            bytes = made;
        }
        return made.clone();
    }
}
