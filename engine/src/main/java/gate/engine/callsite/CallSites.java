// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.abi.AbiFunction;
import gate.engine.abi.AbiImports;
import gate.engine.abi.BadProgramException;
import gate.engine.runtime.CodeCursor;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// The call sites of a module as the original numbers them: reference 7.7. Immutable; for any
/// thread.
///
/// Kept are a number for each function; a function's code is walked again when its sites are asked
/// for.
public final class CallSites {
    static final int ENTER = 0;
    static final int START_RETURN = 1;
    static final int ENTRY_RETURN = 2;

    /// Sites that belong to no function.
    static final int BOTTOM_SITES = 3;

    private static final int WORD_BYTES = 8;

    /// Bytes of code that are walked before others have their turn.
    private static final int YIELD_BYTES = 1 << 17;

    private final Module module;
    private final BreakpointOffsets breakpoints;
    /// Number of each function's first site, imported ones included; and of what would be the next.
    private final int[] firsts;

    private CallSites(Module module, BreakpointOffsets breakpoints) {
        this.module = module;
        this.breakpoints = breakpoints;
        this.firsts = new int[module.functionCount() + 1];
    }

    /// Numbers the call sites of a module that the original would load.
    ///
    /// @param breakpoints as reference 3.6 counts them, in any order
    /// @throws BreakpointException where one hits no instruction
    /// @throws IllegalArgumentException where [OriginalProgram#refusal] says why the original
    ///     wouldn't load the module
    public static CallSites of(Module module, long... breakpoints) throws BreakpointException {
        Optional<String> refusal = OriginalProgram.refusal(module);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException(refusal.get());
        }
        CallSites sites = new CallSites(module, BreakpointOffsets.of(module, breakpoints));
        sites.number();
        return sites;
    }

    private void number() {
        int next = BOTTOM_SITES;
        for (int i = 0; i < module.importCount(); i++) {
            firsts[i] = next;
            next += LibraryFunctions.sites(importAt(i));
        }
        SiteWalk walk = new SiteWalk(module, breakpoints);
        int given = module.functionCount() == module.importedFunctionCount()
                ? 0
                : module.bodyStart(module.importedFunctionCount());
        for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
            firsts[i] = next;
            if (module.bodyEnd(i) - given > YIELD_BYTES) {
                LockSupport.parkNanos(1); // on a virtual thread others wait
                given = module.bodyEnd(i);
            }
            next = walk.function(i, next, null);
            if (next < 0) {
                throw new IllegalArgumentException("the module has more than 2^31 call sites");
            }
        }
        firsts[module.functionCount()] = next;
    }

    private AbiFunction importAt(int index) {
        try {
            return AbiImports.find(module.importAt(index));
        } catch (BadProgramException e) {
            throw new IllegalStateException("the original would load the module", e);
        }
    }

    public Module module() {
        return module;
    }

    /// All sites, from 0 to one less than this.
    public int count() {
        return firsts[module.functionCount()];
    }

    /// The first site of a function, imported or defined: its prologue.
    public int firstOf(int function) {
        return firsts[function];
    }

    /// Sites of a function.
    public int countOf(int function) {
        return firsts[function + 1] - firsts[function];
    }

    /// The function to which a site belongs; -1 for the sites 0 to 2.
    public int functionOf(int site) {
        if (site < 0 || site >= count()) {
            throw new IndexOutOfBoundsException("there is no call site " + Integer.toUnsignedString(site));
        }
        int found = Arrays.binarySearch(firsts, 0, module.functionCount(), site);
        return found >= 0 ? found : -found - 2;
    }

    /// A site, found by walking its function.
    public Site site(int number) {
        int function = functionOf(number);
        if (function < 0) {
            return bottom(number);
        }
        Site[] found = new Site[1];
        sites(function, site -> {
            if (site.number() == number) {
                found[0] = site;
            }
        });
        return found[0];
    }

    private static Site bottom(int number) {
        return switch (number) {
            case ENTER -> new Site(number, SiteKind.ENTER, -1, -1, 2 * WORD_BYTES);
            case START_RETURN -> new Site(number, SiteKind.START_RETURN, -1, -1, WORD_BYTES);
            default -> new Site(number, SiteKind.ENTRY_RETURN, -1, -1, 0);
        };
    }

    /// Tells of all sites of a function in order.
    public void sites(int function, Consumer<Site> visitor) {
        int first = firsts[function];
        if (function < module.importedFunctionCount()) {
            visitor.accept(new Site(first, SiteKind.IMPORT_PROLOGUE, function, -1, WORD_BYTES));
            for (int i = first + 1; i < firsts[function + 1]; i++) {
                visitor.accept(new Site(i, SiteKind.IMPORT_INSIDE, function, -1, -1));
            }
            return;
        }
        Depths depths = new Depths(module, function);
        walk(function, (kind, number, offset, walk) -> {
            if (!walk.dead()) {
                depths.want(offset);
            }
        });
        depths.find();
        int locals = ownLocals(function);
        walk(function, (kind, number, offset, walk) -> {
            int operands = walk.dead() || depths.at(offset) < 0 ? -1 : depths.at(offset) - popped(kind, offset);
            int words = kind == SiteKind.PROLOGUE ? 1 : 1 + operands + locals;
            visitor.accept(new Site(number, kind, function, offset, operands < 0 ? -1 : WORD_BYTES * words));
        });
    }

    void walk(int function, SiteWalk.Visitor visitor) {
        new SiteWalk(module, breakpoints).function(function, firsts[function], visitor);
    }

    /// Operands of an instruction that aren't in the frame of one that stands at its site. Those of
    /// an instruction that may trap can be.
    int popped(SiteKind kind, int offset) {
        return switch (kind) {
            case CALL_INDIRECT -> 1;
            case LOOP_BRANCH -> module.bytes()[offset] == (byte) Opcode.BR_IF ? 1 : 0;
            default -> 0;
        };
    }

    /// Locals of a defined function that aren't parameters.
    int ownLocals(int function) {
        return new CodeCursor(module.bytes(), module.bodyStart(function)).locals();
    }

    FunctionType type(int function) {
        return module.functionType(function);
    }
}
