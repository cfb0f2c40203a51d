// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import gate.server.service.StateReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets a program give up what it doesn't need: reference 6.6. A call's first byte 0, a count, and so many
/// names of scopes, each after its length.
public final class Scope implements Service {
    private static final int RESTRICT = 0;

    private final ProgramScope scope;

    /// @param scope of the one program that this service is for
    public Scope(ProgramScope scope) {
        this.scope = scope;
    }

    @Override
    public String name() {
        return "scope";
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        if (state.length > 0) {
            StateReader reader = new StateReader(name(), state);
            List<String> scopes = new ArrayList<>();
            for (int left = reader.uint8(); left > 0; left--) {
                scopes.add(valid(reader.bytes(reader.uint8())));
            }
            reader.end();
            scope.restrict(scopes);
        }
        return new Instance(scope);
    }

    private static String valid(byte[] text) {
        String name = new String(text, StandardCharsets.ISO_8859_1);
        if (!ProgramScope.isValid(name)) {
            throw new PacketViolation("scope string is invalid");
        }
        return name;
    }

    private record Instance(ProgramScope scope) implements ServiceInstance {
        @Override
        public @Nullable Packet handle(Packet packet) {
            if (packet.domain() != Domain.CALL) {
                return null;
            }
            ByteBuffer content = packet.content();
            if (!content.hasRemaining() || content.get() != RESTRICT) {
                return Packet.call(0);
            }
            scope.restrict(names(content));
            return Packet.call(0, (byte) 0, (byte) 0);
        }

        private static List<String> names(ByteBuffer content) {
            List<String> names = new ArrayList<>();
            for (int left = uint8(content); left > 0; left--) {
                int length = uint8(content);
                if (length > content.remaining()) {
                    throw truncated();
                }
                byte[] name = new byte[length];
                content.get(name);
                names.add(valid(name));
            }
            return names;
        }

        private static int uint8(ByteBuffer content) {
            if (!content.hasRemaining()) {
                throw truncated();
            }
            return content.get() & 0xFF;
        }

        private static PacketViolation truncated() {
            return new PacketViolation("scope packet is truncated");
        }

        @Override
        public byte[] suspend() {
            return scope.restriction().map(Instance::encoded).orElseGet(() -> new byte[0]);
        }

        /// At most 255: the first call can't name more, and later ones only take away.
        private static byte[] encoded(List<String> names) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(names.size());
            for (String name : names) {
                out.write(name.length());
                out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
            }
            return out.toByteArray();
        }
    }
}
