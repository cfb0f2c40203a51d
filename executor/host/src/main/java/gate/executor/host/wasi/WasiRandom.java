// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;

/// Where a guest's random bytes come from.
@FunctionalInterface
public interface WasiRandom {
    /// Fills all of `bytes`.
    void fill(byte[] bytes);

    /// The host's source for secrets: `/dev/urandom`, because opening it takes a hundredth of the time that the JDK
    /// takes to set up a [SecureRandom], which is used where there is no such file.
    static WasiRandom system() {
        return bytes -> {
            try (InputStream source = new FileInputStream("/dev/urandom")) {
                if (source.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                    return;
                }
            } catch (IOException e) {
                // No such device here: the other way below.
            }
            new SecureRandom().nextBytes(bytes);
        };
    }
}
