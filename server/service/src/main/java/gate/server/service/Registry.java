// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which services there are, by their names. A child has its parent's services and its own, which hide the
/// parent's of the same names: so every program gets some services of its own, on top of everybody's.
///
/// Services are registered before others see the registry; then it isn't changed any more and is
/// thread-safe.
public final class Registry {
    /// As the bytes of UTF-8 are.
    private static final Comparator<Service> BY_NAME =
            Comparator.comparing(service -> service.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final @Nullable Registry parent;
    private final Map<String, Service> services = new HashMap<>();

    /// Without services.
    public Registry() {
        this(null);
    }

    private Registry(@Nullable Registry parent) {
        this.parent = parent;
    }

    /// One that has all of this one's services.
    public Registry child() {
        return new Registry(this);
    }

    /// Adds a service.
    ///
    /// @return this
    /// @throws IllegalArgumentException where the name or revision isn't possible, or the name is taken
    public Registry register(Service service) {
        ServiceNames.requireValid(service.name(), service.revision());
        if (services.putIfAbsent(service.name(), service) != null) {
            throw new IllegalArgumentException("there are two services of the name '" + service.name() + "'");
        }
        return this;
    }

    /// Adds a service of our own, whose name shows it.
    ///
    /// @return this
    /// @throws IllegalArgumentException as [#register(Service)], and where the name could be somebody
    ///     else's
    public Registry registerBuiltin(Service service) {
        ServiceNames.requireBuiltin(service.name());
        return register(service);
    }

    /// A service that exists, whether or not a program of some context may discover it.
    public Optional<Service> find(String name) {
        for (Registry registry = this; registry != null; registry = registry.parent) {
            Service service = registry.services.get(name);
            if (service != null) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    /// A service that programs of this context may discover.
    public Optional<Service> find(String name, ServiceContext context) {
        return find(name).filter(service -> service.discoverable(context));
    }

    /// All that programs of this context may discover, sorted by name.
    public List<Service> discoverable(ServiceContext context) {
        Map<String, Service> visible = new HashMap<>();
        for (Registry registry = this; registry != null; registry = registry.parent) {
            registry.services.forEach(visible::putIfAbsent);
        }
        List<Service> sorted = new ArrayList<>(visible.values());
        sorted.removeIf(service -> !service.discoverable(context));
        sorted.sort(BY_NAME);
        return sorted;
    }
}
