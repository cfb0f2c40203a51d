// SPDX-License-Identifier: Apache-2.0
/// Packets between a program and services, as bytes: the one codec for everybody who reads or writes them.
module gate.contract.packet {
    requires static org.jspecify;

    exports gate.contract.packet;
}
