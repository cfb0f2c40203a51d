// SPDX-License-Identifier: Apache-2.0
package gate.bench.density;

import gate.app.instance.SessionServices;
import gate.bench.BenchModules;
import gate.engine.runtime.MemoryBackend;
import gate.engine.wasm.Module;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.server.service.Registry;
import gate.server.service.Service;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginOptions;
import java.util.List;

/// A process's instances with their services.
final class House {
    private static final int ORIGIN_BUFFER_BYTES = 32_768;
    private static final int CONNECTIONS_MAX = 1000;

    private final InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
    private final ProgramServices.Options options;

    House(List<Service> services) {
        Registry shared = new Registry();
        services.forEach(shared::register);
        options = new ProgramServices.Options(
                shared,
                new OriginOptions(ORIGIN_BUFFER_BYTES, CONNECTIONS_MAX),
                RandomBytes.BITS_PER_MINUTE,
                ServiceClock.system());
    }

    static Program program(String resource) throws InstanceException {
        return Program.of(Module.parse(BenchModules.binary(resource)));
    }

    /// @param services of the instance
    record Running(GateInstance instance, SessionServices services) {}

    Running launch(Program program, String function) throws InstanceException {
        SessionServices services = new SessionServices("bench", options, new ServiceContext("local", ""));
        Launch launch = Launch.of("bench").withFunction(function);
        return new Running(GateInstance.launch(host, services, program, launch), services);
    }
}
