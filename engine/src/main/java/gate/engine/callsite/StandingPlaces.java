// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.CodeCursor;
import gate.engine.runtime.FrameImage;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds a call site at which the innermost frame of an image may as well stand.
final class StandingPlaces {
    /// A branch to a loop at whose beginning the frame may as well stand.
    ///
    /// @param kept the frame's operands that there are at the loop's beginning
    /// @param target beginning of the block that a table goes to by default
    /// @param index with which a table goes to the loop
    private record Branch(SiteKind kind, int site, int offset, int kept, int target, int index) {}

    private final CallSites sites;
    private final Module module;
    private final Supplier<TableFunctions> table;
    private final FrameImage frame;

    private int breakpoint = -1;
    private int call = -1;
    private int ownTable = -1;
    private int ownTableTarget = -1;
    private final List<Branch> branches = new ArrayList<>();

    StandingPlaces(CallSites sites, Supplier<TableFunctions> table, FrameImage frame) {
        this.sites = sites;
        this.module = sites.module();
        this.table = table;
        this.frame = frame;
    }

    Optional<Standing> find() {
        PureRun run = new PureRun(module, frame);
        sites.walk(frame.function(), (kind, site, offset, walk) -> {
            if (!walk.dead()) {
                see(kind, site, offset, walk, run);
            }
        });
        int operands = frame.operands().length;
        if (breakpoint >= 0) {
            return Optional.of(Standing.at(breakpoint, operands));
        }
        Standing calling = calling();
        if (calling != null) {
            return Optional.of(calling);
        }
        if (run.fromFunctionStart() && ownLocalsAreZero()) {
            return Optional.of(Standing.prologue(sites.firstOf(frame.function())));
        }
        return Optional.ofNullable(branching());
    }

    private void see(SiteKind kind, int site, int offset, SiteWalk walk, PureRun run) {
        if (offset == frame.offset()) {
            switch (kind) {
                case BREAKPOINT -> breakpoint = site;
                case CALL, CALL_INDIRECT -> call = site;
                case LOOP_TABLE -> {
                    ownTable = site;
                    ownTableTarget = walk.targetStart();
                }
                default -> {}
            }
        }
        if (kind == SiteKind.LOOP_BRANCH) {
            int kept = run.operandsAt(walk.targetStart());
            if (kept >= 0) {
                branches.add(new Branch(kind, site, offset, kept, walk.targetStart(), -1));
            }
        } else if (kind == SiteKind.LOOP_TABLE && !run.isEmpty()) {
            tableBranch(site, offset, walk, run);
        }
    }

    /// Of a table, only the innermost loop is looked for, so that many loops and many tables take
    /// no long time together.
    private void tableBranch(int site, int offset, SiteWalk walk, PureRun run) {
        int loop = run.lastBeginning();
        int kept = run.operandsAt(loop);
        int index = kept < 0 ? -1 : walk.indexOf(loop);
        if (index >= 0) {
            branches.add(new Branch(SiteKind.LOOP_TABLE, site, offset, kept, walk.targetStart(), index));
        }
    }

    /// The call that the frame is about to make, made: the callee stands at its prologue.
    private @Nullable Standing calling() {
        if (call < 0) {
            return null;
        }
        CodeCursor in = new CodeCursor(module.bytes(), frame.offset());
        int opcode = in.opcode();
        int index = in.u32();
        int operands = frame.operands().length;
        if (opcode == Opcode.CALL) {
            return Standing.call(call, operands, index);
        }
        FunctionType type = module.type(index);
        int callee = table.get().at((int) frame.operands()[operands - 1]);
        return callee < 0 || !module.functionType(callee).equals(type)
                ? null
                : Standing.call(call, operands - 1, callee);
    }

    private boolean ownLocalsAreZero() {
        for (int i = module.functionType(frame.function()).parameterCount(); i < frame.locals().length; i++) {
            if (frame.locals()[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// Only sites at which the original's stack is what its call map says are used: those that drop
    /// nothing.
    private @Nullable Standing branching() {
        Depths depths = new Depths(module, frame.function());
        depths.want(frame.offset());
        if (ownTable >= 0) {
            depths.want(ownTableTarget);
        }
        for (Branch branch : branches) {
            depths.want(branch.offset());
            depths.want(branch.target());
        }
        depths.find();
        int operands = frame.operands().length;
        if (ownTable >= 0 && depths.at(ownTableTarget) == operands - 1) {
            return Standing.at(ownTable, operands);
        }
        for (Branch branch : branches) {
            int depth = depths.at(branch.offset());
            if (depth < 0) {
                continue;
            }
            if (branch.kind() == SiteKind.LOOP_TABLE) {
                if (depth - 1 == depths.at(branch.target()) && depth - 1 >= branch.kept()) {
                    return Standing.table(branch.site(), branch.kept(), depth - 1 - branch.kept(), branch.index());
                }
            } else if (depth - sites.popped(branch.kind(), branch.offset()) == branch.kept()) {
                return Standing.branch(branch.site(), branch.kept());
            }
        }
        return null;
    }
}
