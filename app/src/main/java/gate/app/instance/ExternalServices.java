// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.program.Leftovers;
import gate.app.program.StoppedEarly;
import gate.app.program.Stopping;
import gate.server.service.Registry;
import gate.server.service.ServiceConnector;
import gate.server.service.ServiceFailure;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Services of other processes, which need libraries that nothing else needs: they are in a folder of their
/// own beside ours, and are loaded when somebody asks for such services. `docs/decisions/0017` says why.
final class ExternalServices {
    private static final String MODULE = "gate.server.grpc";

    /// For processes that don't end when they are told to.
    private static final long GIVING_UP_SECONDS = 10;

    private ExternalServices() {}

    /// Registers the services of these targets.
    ///
    /// @return what ends the connections
    /// @throws CommandFailure where that isn't possible
    /// @throws StoppedEarly where somebody wishes so before all are reached
    static Leftovers.Leftover connect(List<String> targets, Registry registry, Stopping stopping) {
        if (targets.isEmpty()) {
            return Leftovers.none();
        }
        CountDownLatch over = new CountDownLatch(1);
        // Who gives up on them ends the processes that have been started.
        Leftovers.Leftover reaching = Leftovers.add(() -> {
            stopping.stop();
            awaitQuietly(over);
        });
        try {
            return Leftovers.add(reach(targets, registry, stopping)::close);
        } finally {
            over.countDown();
            reaching.forget();
        }
    }

    private static void awaitQuietly(CountDownLatch over) {
        try {
            boolean _ = over.await(GIVING_UP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ServiceConnector.Connected reach(List<String> targets, Registry registry, Stopping stopping) {
        ServiceConnector connector = connector();
        try {
            stopping.prepare();
            return connector.connect(targets, registry);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "--service: " + e.getMessage());
        } catch (ServiceFailure e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "--service: " + e.text());
        } catch (InterruptedException e) {
            throw new StoppedEarly();
        } finally {
            stopping.prepared();
        }
    }

    private static ServiceConnector connector() {
        return loader().findFirst()
                .orElseThrow(() ->
                        new CommandFailure(ExitCode.UNAVAILABLE, "--service: the libraries for it are not installed"));
    }

    /// Of the folder `grpc` beside the folder of our jars; without one, of our own class path.
    private static ServiceLoader<ServiceConnector> loader() {
        Module own = ExternalServices.class.getModule();
        ModuleLayer layer = own.getLayer();
        Path folder = folder();
        if (layer == null || folder == null || !Files.isDirectory(folder)) {
            return ServiceLoader.load(ServiceConnector.class);
        }
        // All of them: most don't say what they need, so it wouldn't be found.
        ModuleFinder finder = ModuleFinder.of(folder);
        Set<String> names = finder.findAll().stream()
                .map(module -> module.descriptor().name())
                .collect(Collectors.toSet());
        Configuration modules = layer.configuration().resolveAndBind(ModuleFinder.of(), finder, names);
        ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(
                modules, List.of(layer), ExternalServices.class.getClassLoader());
        controller.layer().findModule(MODULE).ifPresent(controller::enableNativeAccess);
        return ServiceLoader.load(controller.layer(), ServiceConnector.class);
    }

    private static @Nullable Path folder() {
        CodeSource source = ExternalServices.class.getProtectionDomain().getCodeSource();
        try {
            Path jars = source == null
                    ? null
                    : Path.of(source.getLocation().toURI()).getParent();
            return jars == null ? null : jars.resolveSibling("grpc");
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
