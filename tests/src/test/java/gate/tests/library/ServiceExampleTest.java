// SPDX-License-Identifier: Apache-2.0
package gate.tests.library;

import gate.contract.packet.Packet;
import gate.server.service.Service;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/services.md` tells the truth.
class ServiceExampleTest {
    @Test
    void documentedExampleCompilesAndPrintsWhatItSays(@TempDir Path folder) throws Exception {
        DocumentedExample.of("docs/services.md", Service.class, Packet.class).compilesAndPrintsWhatItSays(folder);
    }
}
