// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a program may do beyond the ordinary: what its principal was granted, and of that what the program
/// has not given up by calling the scope service. Thread-safe.
public final class ProgramScope {
    /// Bytes of a scope's name.
    public static final int SCOPE_BYTES_MAX = 255;

    private static final Pattern VALID = Pattern.compile("[0-9A-Za-z./_-]+(:[0-9A-Za-z./_-]+)*");

    private final Set<String> granted;
    /// Not yet restricted while it is null.
    private @Nullable Set<String> restricted;

    /// @param granted to whoever runs the program
    public ProgramScope(Collection<String> granted) {
        this.granted = Set.copyOf(granted);
    }

    /// Whether a text can be the name of a scope: reference 6.6.
    public static boolean isValid(String scope) {
        return scope.length() <= SCOPE_BYTES_MAX && VALID.matcher(scope).matches();
    }

    /// Whether the program may do what needs this scope.
    public synchronized boolean permits(String scope) {
        return granted.contains(scope) && (restricted == null || restricted.contains(scope));
    }

    /// Gives up all other scopes.
    public synchronized void restrict(Collection<String> scopes) {
        if (restricted == null) {
            restricted = new HashSet<>(scopes);
        } else {
            restricted.retainAll(Set.copyOf(scopes));
        }
    }

    /// What is left, in order; empty where the program never restricted itself.
    public synchronized Optional<List<String>> restriction() {
        return restricted == null ? Optional.empty() : Optional.of(List.copyOf(new TreeSet<>(restricted)));
    }
}
