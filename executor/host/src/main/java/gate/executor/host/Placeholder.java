package gate.executor.host;

/// Placeholder.
public final class Placeholder {
    private Placeholder() {}
}
