// SPDX-License-Identifier: Apache-2.0
package gate.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/// The rules that carry the security story (`ARCHITECTURE.md`), for the trust zones below one package.
///
/// The package is a parameter so that each rule can be shown to fail on a fixture that breaks it.
///
/// @param root the package that has the zones as its children
record DependencyRules(String root) {
    private static final String JSPECIFY = "org.jspecify..";

    /// Types whose use means a thread, a clock, a file, a socket or a process.
    private static final Set<String> OUTSIDE_TYPES = Set.of(
            "java.io.Console",
            "java.io.File",
            "java.io.FileDescriptor",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.FileReader",
            "java.io.FileWriter",
            "java.io.RandomAccessFile",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ThreadLocal",
            "java.nio.file.Files",
            "java.nio.file.FileSystems",
            "java.time.Clock",
            "java.util.Scanner",
            "java.util.Timer",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ForkJoinPool",
            "java.util.logging.Logger");

    /// Methods of types that are otherwise harmless.
    private static final Set<String> OUTSIDE_METHODS = Set.of(
            "java.lang.Thread.<init>",
            "java.lang.Thread.start",
            "java.lang.Thread.startVirtualThread",
            "java.lang.Thread.ofPlatform",
            "java.lang.Thread.ofVirtual",
            "java.lang.Thread.sleep",
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.getLogger",
            "java.lang.System.exit",
            "java.lang.Runtime.exec",
            "java.lang.Runtime.halt",
            "java.lang.ref.Cleaner.create", // it starts a thread
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Collection.parallelStream");

    private static final Set<String> OUTSIDE_FIELDS =
            Set.of("java.lang.System.in", "java.lang.System.out", "java.lang.System.err");

    /// Rule 1: the trusted process and the client never decode anything of a guest's.
    ArchRule trustedCodeNeverTouchesGuestCode() {
        return noClasses()
                .that(resideInAnyPackage(zone("server"), zone("client")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(zone("engine"), zone("executor")))
                .allowEmptyShould(true);
    }

    /// Rule 2: no third-party jar in the jailed process.
    List<ArchRule> guestCodeHasNoThirdParties() {
        return List.of(
                classes()
                        .that(resideInAPackage(zone("engine")))
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(zone("engine"), zone("contract"), "java..", JSPECIFY)),
                classes()
                        .that(resideInAPackage(zone("executor")))
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(
                                zone("executor"), zone("engine"), zone("contract"), "java..", JSPECIFY)));
    }

    /// Rule 2, second half: the engine gets threads, clocks, files and sockets as arguments or not at all.
    ArchRule engineTouchesNothingOutside() {
        return noClasses()
                .that(resideInAPackage(zone("engine")))
                .should()
                .accessTargetWhere(describe("it is outside of the engine", DependencyRules::isOutside));
    }

    /// Services are trusted code in the way of hostile bytes: they need the contract and the JDK.
    ArchRule servicesHaveNoThirdParties() {
        return classes()
                .that(resideInAPackage(zone("server.service")))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(zone("server.service"), zone("contract"), "java..", JSPECIFY));
    }

    /// gRPC, protobuf and Netty are loaded for services of other processes, and for nothing else; nobody but
    /// the loader of services knows their module.
    ArchRule onlyOneModuleUsesGrpc() {
        return noClasses()
                .that(ours().and(DescribedPredicate.not(resideInAPackage(zone("server.grpc")))))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.grpc..", "io.netty..", "com.google..", zone("server.grpc")));
    }

    /// Rule 3: the client knows the contract alone; libraries of others are its own affair.
    ArchRule clientKnowsOnlyTheContract() {
        return noClasses()
                .that(resideInAPackage(zone("client")))
                .should()
                .dependOnClassesThat(
                        ours().and(DescribedPredicate.not(resideInAnyPackage(zone("client"), zone("contract")))))
                .allowEmptyShould(true);
    }

    /// The command line library and the engine meet in `app` only.
    List<ArchRule> commandLineMeetsEngineInAppOnly() {
        return List.of(
                noClasses()
                        .that(ours().and(DescribedPredicate.not(resideInAnyPackage(zone("app"), zone("client")))))
                        .should()
                        .dependOnClassesThat(resideInAPackage("picocli..")),
                noClasses()
                        .that(ours().and(DescribedPredicate.not(
                                resideInAnyPackage(zone("app"), zone("executor"), zone("engine")))))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(zone("engine"), zone("executor")))
                        .allowEmptyShould(true));
    }

    private DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> ours() {
        return resideInAPackage(root + "..");
    }

    private String zone(String name) {
        return root + "." + name + "..";
    }

    private static boolean isOutside(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String target = owner + "." + access.getTarget().getName();
        return OUTSIDE_TYPES.contains(owner)
                || OUTSIDE_METHODS.contains(target)
                || OUTSIDE_FIELDS.contains(target)
                || owner.startsWith("java.net.")
                || owner.startsWith("java.nio.channels.") && !owner.equals("java.nio.channels.WritableByteChannel");
    }
}
