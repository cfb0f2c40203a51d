/// The launcher: the one place where the engine and the command line library meet.
module gate.app {
    requires gate.executor.host;
    requires info.picocli;
    requires static org.jspecify;
}
