// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// All functions of an [AccessModule] called with all addresses that are boundaries for them.
final class AccessRun {
    private final MemoryBackend backend;
    private final int[] pages;
    private final int memory;
    private final boolean counting;
    private final Set<Integer> trapped = new TreeSet<>();

    AccessRun(MemoryBackend backend, int[] pages, int memory, boolean counting) {
        this.backend = backend;
        this.pages = pages;
        this.memory = memory;
        this.counting = counting;
    }

    /// @return the operations that trapped
    Set<Integer> run() {
        AccessModule module = new AccessModule(pages, memory);
        int both = pages[0] + pages[1];
        try (Store store = new Store(StoreOptions.DEFAULT.withBackend(backend).withMemoryPagesMax(both))) {
            Instance instance = store.allocate(module.module(), Imports.none());
            PatternedMemory accessed = new PatternedMemory(instance.memories[memory]);
            PatternedMemory other = new PatternedMemory(instance.memories[1 - memory]);
            int successes = 0;
            for (AccessModule.Function function : module.functions()) {
                long offset = function.offset();
                SortedSet<Long> addresses = new TreeSet<>(Set.of(function.constantAddress()));
                if (function.form() != AccessModule.Form.CONSTANT_ADDRESS) {
                    addresses = BoundaryValues.addresses(
                            accessed.size(), function.instruction().width(), offset);
                }
                for (long address : addresses) {
                    successes += access(instance, function, accessed, address) ? 1 : 0;
                }
                accessed.assertUnchanged(function.toString());
            }
            other.assertUnchanged("the other memory");
            assertThat(successes > 0).as("some accesses succeed").isEqualTo(pages[memory] > 0);
        }
        return trapped;
    }

    /// @return whether it is inside
    private boolean access(Instance instance, AccessModule.Function function, PatternedMemory bytes, long address) {
        AccessInstruction instruction = function.instruction();
        boolean constant = function.form() == AccessModule.Form.TEE;
        long effective = address + function.offset();
        boolean inside = effective + instruction.width() <= bytes.size();
        String what = function + " with address " + address + " in " + bytes.size() + " bytes";
        Execution execution = Execution.of(instance, counting);
        if (instruction.isStore()) {
            long value = constant ? AccessModule.CONSTANT : ~bytes.expectedLong(effective);
            execution.call(function.index(), address, value);
            assertEnds(execution, inside, what);
            if (inside) {
                bytes.assertStored(what, effective, instruction.width(), value);
            } else {
                bytes.assertStored(what, bytes.size(), 0, 0);
                bytes.assertStored(what, effective & 0xFFFF_FFFFL, 0, 0);
            }
            return inside;
        }
        execution.call(function.index(), address);
        assertEnds(execution, inside, what);
        if (inside && execution.results()[0] != instruction.loaded(bytes.expectedLong(effective))) {
            assertThat(execution.results()[0]).as(what).isEqualTo(instruction.loaded(bytes.expectedLong(effective)));
        }
        return inside;
    }

    private void assertEnds(Execution execution, boolean inside, String what) {
        try {
            execution.run();
            if (!inside) {
                throw new AssertionError(what + ": did not trap");
            }
        } catch (Trap trap) {
            if (inside || trap.code() != Trap.Code.MEMORY_OUT_OF_BOUNDS) {
                throw new AssertionError(what + ": trapped, " + trap.getMessage(), trap);
            }
            trapped.add(Operations.trapped(execution));
        }
    }
}
