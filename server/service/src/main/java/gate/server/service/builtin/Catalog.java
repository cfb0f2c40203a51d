// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.Registry;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import gate.server.service.StateReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Tells a program which services it may discover: reference 6.2. A call of `json` is answered with a JSON
/// text, any other one with nothing.
public final class Catalog implements Service {
    private static final ByteBuffer JSON = ByteBuffer.wrap("json".getBytes(StandardCharsets.US_ASCII));

    private final Registry registry;

    /// @param registry what it tells about; it is registered there too
    public Catalog(Registry registry) {
        this.registry = registry;
    }

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        StateReader.requireEmpty(name(), state);
        return packet -> {
            if (packet.domain() != Domain.CALL) {
                return null;
            }
            return packet.content().equals(JSON)
                    ? Packet.call(0, new CatalogText(registry.discoverable(context)).utf8())
                    : Packet.call(0);
        };
    }
}
