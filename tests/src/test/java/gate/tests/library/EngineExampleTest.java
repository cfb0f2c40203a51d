// SPDX-License-Identifier: Apache-2.0
package gate.tests.library;

import gate.engine.wasm.Module;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/engine.md` tells the truth.
class EngineExampleTest {
    @Test
    void documentedExampleCompilesAndPrintsWhatItSays(@TempDir Path folder) throws Exception {
        DocumentedExample.of("docs/engine.md", Module.class).compilesAndPrintsWhatItSays(folder);
    }
}
