// SPDX-License-Identifier: Apache-2.0
package gate.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the modules themselves say they need.
final class ModuleDescriptorsTest {
    @Test
    void engineNeedsTheJdkAlone() throws IOException {
        assertThat(requiredAtRunTime("engine")).containsExactly("java.base");
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine", "executor/host"})
    void guestCodeNeedsOnlyTheJdkAndItself(String folder) throws IOException {
        assertThat(requiredAtRunTime(folder))
                .allMatch(name -> name.startsWith("java.")
                        || name.startsWith("gate.engine")
                        || name.startsWith("gate.executor")
                        || name.startsWith("gate.contract"));
    }

    @Test
    void contractNeedsTheJdkAlone() throws IOException {
        assertThat(requiredAtRunTime("contract/packet")).containsExactly("java.base");
    }

    @Test
    void servicesNeedTheContractAndTheJdkAlone() throws IOException {
        assertThat(requiredAtRunTime("server/service")).containsExactlyInAnyOrder("java.base", "gate.contract.packet");
    }

    /// The launcher loads it by itself.
    @Test
    void nobodyNeedsGrpc() throws IOException {
        for (String folder : new String[] {"app", "server/service", "executor/host", "engine", "contract/packet"}) {
            assertThat(requiredAtRunTime(folder))
                    .noneMatch(name -> name.contains("grpc") || name.contains("netty") || name.contains("protobuf"));
        }
    }

    private static Set<String> requiredAtRunTime(String folder) throws IOException {
        Path file = Repository.root().resolve(folder).resolve("target/classes/module-info.class");
        try (InputStream in = Files.newInputStream(file)) {
            return ModuleDescriptor.read(in).requires().stream()
                    .filter(required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                    .map(ModuleDescriptor.Requires::name)
                    .collect(java.util.stream.Collectors.toUnmodifiableSet());
        }
    }
}
