// SPDX-License-Identifier: Apache-2.0
package gate.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The three dependency rules hold, and each of them is able to fail.
final class DependencyRulesTest {
    private static final String FIXTURE_ROOT = "gate.tests.architecture.fixtures";
    private static final DependencyRules OURS = new DependencyRules("gate");
    private static final DependencyRules OF_FIXTURES = new DependencyRules(FIXTURE_ROOT);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes") && !location.contains("/benchmarks/"))
            .importPackages("gate");
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(FIXTURE_ROOT);

    @Test
    void everyZoneThatExistsIsLookedAt() {
        assertThat(CLASSES)
                .extracting(type -> type.getPackageName())
                .anyMatch(name -> name.startsWith("gate.engine.wasm"))
                .anyMatch(name -> name.startsWith("gate.executor.host"))
                .anyMatch(name -> name.startsWith("gate.contract.packet"))
                .anyMatch(name -> name.startsWith("gate.server.service"))
                .anyMatch(name -> name.startsWith("gate.server.grpc"))
                .anyMatch(name -> name.startsWith("gate.app"))
                .noneMatch(name -> name.startsWith("gate.tests"));
    }

    @Test
    void trustedCodeNeverTouchesGuestCode() {
        OURS.trustedCodeNeverTouchesGuestCode().check(CLASSES);
        assertViolatedBy(OF_FIXTURES.trustedCodeNeverTouchesGuestCode(), "server.DecodesAModule");
    }

    @Test
    void guestCodeHasNoThirdParties() {
        List<ArchRule> rules = OURS.guestCodeHasNoThirdParties();
        rules.forEach(rule -> rule.check(CLASSES));
        List<ArchRule> failing = OF_FIXTURES.guestCodeHasNoThirdParties();
        assertViolatedBy(failing.getFirst(), "engine.UsesALibrary");
        assertViolatedBy(failing.getLast(), "executor.UsesALibrary");
    }

    @Test
    void servicesHaveNoThirdParties() {
        OURS.servicesHaveNoThirdParties().check(CLASSES);
        assertViolatedBy(OF_FIXTURES.servicesHaveNoThirdParties(), "server.service.UsesALibrary");
    }

    @Test
    void onlyServicesOfOtherProcessesUseGrpc() {
        OURS.onlyOneModuleUsesGrpc().check(CLASSES);
        assertViolatedBy(OF_FIXTURES.onlyOneModuleUsesGrpc(), "server.service.CallsByGrpc");
    }

    @Test
    void engineTouchesNothingOutside() {
        OURS.engineTouchesNothingOutside().check(CLASSES);
        ArchRule rule = OF_FIXTURES.engineTouchesNothingOutside();
        for (String method : List.of(
                "startsAThread",
                "startsAVirtualThread",
                "readsAClock",
                "opensAFile",
                "opensAStream",
                "opensASocket",
                "prints")) {
            assertViolatedBy(rule, "engine.TouchesTheOutside." + method);
        }
    }

    @Test
    void clientKnowsOnlyTheContract() {
        OURS.clientKnowsOnlyTheContract().check(CLASSES);
        assertViolatedBy(OF_FIXTURES.clientKnowsOnlyTheContract(), "client.AsksTheServer");
    }

    @Test
    void commandLineMeetsEngineInAppOnly() {
        OURS.commandLineMeetsEngineInAppOnly().forEach(rule -> rule.check(CLASSES));
        List<ArchRule> failing = OF_FIXTURES.commandLineMeetsEngineInAppOnly();
        assertViolatedBy(failing.getFirst(), "server.ParsesOptions");
        assertViolatedBy(failing.getLast(), "server.DecodesAModule");
    }

    private static void assertViolatedBy(ArchRule rule, String fixture) {
        assertThat(rule.evaluate(FIXTURES).getFailureReport().getDetails())
                .as("violations of: %s", rule.getDescription())
                .anyMatch(detail -> detail.contains(FIXTURE_ROOT + "." + fixture));
    }
}
