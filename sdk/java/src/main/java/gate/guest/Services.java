// SPDX-License-Identifier: Apache-2.0
package gate.guest;

import java.util.ArrayList;
import java.util.List;

/** The services that the program has discovered, by their numbers. */
final class Services {
    private static final List<Service> all = new ArrayList<>();
    private static boolean discovering;

    private Services() {}

    static int known() {
        return all.size();
    }

    static Service at(int code) {
        return all.get(code);
    }

    static Service add(String name) {
        Service service = new Service(name, all.size());
        all.add(service);
        discovering = true;
        return service;
    }

    static void awaitStates() {
        while (discovering) {
            Packets.transfer(-1);
        }
    }

    static void receivedStates(boolean reply, int at, int count) {
        for (int i = 0; i < Math.min(count, all.size()); i++) {
            all.get(i).receivedState(Packets.stateAt(at + i));
        }
        discovering &= !reply;
    }
}
