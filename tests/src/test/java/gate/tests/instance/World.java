// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import gate.app.instance.SessionServices;
import gate.engine.runtime.MemoryBackend;
import gate.engine.snapshot.Snapshot;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.server.service.Registry;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.Echo;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Instances with the real services, for tests. Close it: it closes its instances.
public final class World implements AutoCloseable {
    /// An instance and the way to connect to it.
    public record Running(GateInstance instance, SessionServices services) {
        /// Connects, sends, and gives what comes back until the program or its end ends the connection.
        public String exchange(String input) throws InterruptedException {
            OriginConnection connection = services.connect().orElseThrow();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            connection.transfer(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out);
            return out.toString(StandardCharsets.UTF_8);
        }

        public byte[] snapshot() throws InstanceException, IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            instance.snapshot(Channels.newChannel(out));
            return out.toByteArray();
        }
    }

    private final InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
    private final ProgramServices.Options options;
    private final List<GateInstance> instances = new ArrayList<>();

    public World() {
        this(new OriginOptions(32_768, 1000));
    }

    public World(OriginOptions origin) {
        this(origin, new Registry());
    }

    /// With services more.
    public World(OriginOptions origin, Registry shared) {
        shared.register(new Echo());
        options = new ProgramServices.Options(shared, origin, RandomBytes.BITS_PER_MINUTE, ServiceClock.system());
    }

    public static Program text(String text) throws InstanceException {
        return Program.of(Module.parse(TextFormat.toBinary(text, TextLimits.defaults())));
    }

    public static Program example(Path file) throws Exception {
        return text(Files.readString(file));
    }

    public static Program saved(byte[] file) throws Exception {
        return Program.of(Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT));
    }

    public Running launch(Program program, Launch launch) throws InstanceException {
        return launch(program, launch, services(launch.name()));
    }

    /// Services of an instance that is to be launched.
    public SessionServices services(String name) {
        return new SessionServices(name, options, new ServiceContext("local", "instance"));
    }

    public Running launch(Program program, Launch launch, SessionServices services) throws InstanceException {
        GateInstance instance = GateInstance.launch(host, services, program, launch);
        instances.add(instance);
        return new Running(instance, services);
    }

    public Running launch(Program program) throws InstanceException {
        return launch(program, Launch.of("test"));
    }

    @Override
    public void close() {
        instances.forEach(GateInstance::close);
        host.close();
    }
}
