// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import gate.server.service.StateReader;

/// The test service: reference 6.11. It answers every call with the call's content, for programs that
/// somebody runs.
public final class Echo implements Service {
    /// It is always the same.
    public Echo() {}

    @Override
    public String name() {
        return "internal/test";
    }

    @Override
    public String revision() {
        return "10.23.456-7";
    }

    @Override
    public boolean discoverable(ServiceContext context) {
        return context.hasPrincipal();
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        StateReader.requireEmpty(name(), state);
        return packet -> {
            if (packet.domain() != Domain.CALL) {
                return null;
            }
            byte[] content = new byte[packet.size() - Packet.HEADER_BYTES];
            packet.content().get(content);
            return Packet.call(0, content);
        };
    }
}
