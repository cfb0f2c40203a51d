// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import gate.server.service.StateReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Tells a program who runs it, and which instance it is: reference 6.3. The answers may change when the
/// program goes on elsewhere.
public final class Identity implements Service {
    private static final int PRINCIPAL = 0;
    private static final int INSTANCE = 1;

    /// It knows what the context knows.
    public Identity() {}

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        StateReader.requireEmpty(name(), state);
        return packet -> {
            if (packet.domain() != Domain.CALL) {
                return null;
            }
            return Packet.call(0, answer(context, packet.content()).getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String answer(ServiceContext context, ByteBuffer question) {
        return switch (question.hasRemaining() ? question.get() : -1) {
            case PRINCIPAL -> context.principal();
            case INSTANCE -> context.instance();
            default -> "";
        };
    }
}
