// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import gate.contract.packet.Packet;
import gate.server.service.Registry;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceState;
import gate.server.service.builtin.Echo;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program with all services that programs have; it has discovered those it was made with.
final class ServedProgram implements AutoCloseable {
    static final ServiceContext CONTEXT = new ServiceContext("ed25519:key", "01234567-89ab-cdef-0123-456789abcdef");

    final FakePort port;
    final ProgramServices services;

    private ServedProgram(
            FakePort port,
            ProgramServices.Options options,
            ServiceContext context,
            @Nullable List<ServiceState> states) {
        this.port = port;
        services = new ProgramServices(
                "services-test", options, context, List.of("program:system", "other"), port, states);
    }

    static ProgramServices.Options options(OriginOptions origin) {
        return new ProgramServices.Options(
                new Registry().registerBuiltin(new Echo()), origin, RandomBytes.BITS_PER_MINUTE, new FakeClock());
    }

    static ProgramServices.Options options(int bitsPerMinute, FakeClock clock) {
        return new ProgramServices.Options(
                new Registry().registerBuiltin(new Echo()), OriginOptions.DEFAULT, bitsPerMinute, clock);
    }

    static ServedProgram start(ProgramServices.Options options, String... names) {
        return start(new FakePort(), options, CONTEXT, names);
    }

    static ServedProgram start(
            FakePort port, ProgramServices.Options options, ServiceContext context, String... names) {
        ServedProgram program = new ServedProgram(port, options, context, null);
        port.sends(Packets.discover(names));
        port.receive();
        return program;
    }

    /// One that goes on and has not yet been told anything.
    static ServedProgram restore(ProgramServices.Options options, List<ServiceState> states) {
        return new ServedProgram(new FakePort(), options, CONTEXT, states);
    }

    /// The same as it goes on, after what it's told about its services.
    static ServedProgram restore(ProgramServices.Options options, String name, byte[] state) {
        ServedProgram program = restore(options, List.of(new ServiceState(name, state)));
        program.port.receive();
        return program;
    }

    /// The next packet to the program, after it sent this one.
    Packet exchange(Packet packet) {
        port.sends(packet);
        return port.receive();
    }

    List<ServiceState> suspend() throws InterruptedException {
        port.stop();
        return services.suspend();
    }

    byte[] suspendedState() throws InterruptedException {
        return suspend().getFirst().state();
    }

    @Override
    public void close() {
        port.stop();
        try {
            services.shutdown();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
