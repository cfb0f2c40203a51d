// SPDX-License-Identifier: Apache-2.0
/// Services: trusted code that programs reach by packets.
module gate.server.service {
    requires transitive gate.contract.packet;
    requires static org.jspecify;

    exports gate.server.service;
    exports gate.server.service.builtin;
    exports gate.server.service.origin;
}
