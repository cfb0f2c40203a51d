// SPDX-License-Identifier: Apache-2.0
/// The launcher: the one place where the engine and the command line library meet.
module gate.app {
    requires gate.executor.host;
    requires gate.server.service;
    requires info.picocli;
    requires jdk.unsupported; // sun.misc.Signal: see gate.app.command.Signals
    requires static org.jspecify;

    uses gate.server.service.ServiceConnector;
}
