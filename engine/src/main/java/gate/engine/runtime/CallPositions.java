// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the outer frames of a stack stand: each function's code is looked through once, however many frames it has.
final class CallPositions {
    private final IdentityHashMap<FunctionCode, Map<Integer, Positions.Position>> found = new IdentityHashMap<>();

    /// @param framesMax frames from the innermost out that will be asked for
    CallPositions(Machine x, int framesMax) {
        IdentityHashMap<FunctionCode, Set<Integer>> wanted = new IdentityHashMap<>();
        IdentityHashMap<FunctionCode, Module> modules = new IdentityHashMap<>();
        StackWalk walk = new StackWalk(x);
        for (int frames = 0; walk.valid() && frames < framesMax; frames++, walk.outward()) {
            if (!walk.innermost()) {
                modules.put(walk.code(), walk.instance().module());
                wanted.computeIfAbsent(walk.code(), code -> new HashSet<>()).add(walk.pc());
            }
        }
        wanted.forEach((code, returns) -> {
            Module module = modules.get(code);
            if (module != null) {
                found.put(code, Positions.calls(module, code, returns, false));
            }
        });
    }

    /// @throws IllegalStateException where the frame's code has no call that returns to its word
    Positions.Position of(StackWalk walk) {
        Positions.@Nullable Position position =
                found.getOrDefault(walk.code(), Map.of()).get(walk.pc());
        if (position == null) {
            throw new IllegalStateException(
                    "function " + walk.code().function() + " has no call that returns to word " + walk.pc());
        }
        return position;
    }
}
