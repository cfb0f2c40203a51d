// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.server.service.Service;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import gate.server.service.StateReader;

/// Gives programs random bytes that nobody can predict, and not too many: reference 6.5. A call's first
/// byte says how many.
public final class RandomBytes implements Service {
    /// 16 bytes a second.
    public static final int BITS_PER_MINUTE = 7680;

    private final int bitsPerMinute;
    private final ServiceClock clock;

    /// @param bitsPerMinute at most, on average; 0 or less hides the service
    public RandomBytes(int bitsPerMinute, ServiceClock clock) {
        this.bitsPerMinute = bitsPerMinute;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public boolean discoverable(ServiceContext context) {
        return bitsPerMinute > 0;
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        StateReader reader = new StateReader(name(), state);
        boolean waiting = state.length > 0;
        if (waiting && reader.uint8() != 1) {
            throw reader.malformed("its first byte isn't 1");
        }
        reader.end();
        return new RandomInstance(bitsPerMinute, clock, waiting);
    }
}
