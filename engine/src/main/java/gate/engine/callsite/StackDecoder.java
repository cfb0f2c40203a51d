// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.CodeCursor;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.FramePlaces;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.TypesAt;
import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a portable stack. Frames are numbered from the innermost.
final class StackDecoder {
    private static final String INCONSISTENT = "inconsistent call stack";
    private static final long ABSENT = -1;
    /// What the original writes, by mistake, where there is no entry function: reference 13.1 #6.
    private static final long ABSENT_TOO = 0xFFFF_FFFFL;

    private final CallSites sites;
    private final Module module;
    private final Supplier<TableFunctions> table;
    private final StackWords words;
    private final int count;
    private final int bottom;
    private final Map<Integer, PortableFrame> bySite = new HashMap<>();
    private int start = Entries.NONE;
    private int entry = Entries.NONE;

    StackDecoder(CallSites sites, Supplier<TableFunctions> table, long[] stack) throws CorruptSnapshotException {
        this.sites = sites;
        this.module = sites.module();
        this.table = table;
        this.words = new StackWords(sites, stack);
        this.count = words.count();
        this.bottom = words.site(count);
    }

    RestoredStack decode() throws CorruptSnapshotException {
        readBottom();
        findSites();
        checkCalls();
        return count == 0 ? initial() : stopped();
    }

    private static CorruptSnapshotException corrupt(String message) {
        return new CorruptSnapshotException(message);
    }

    // ---- the bottom ----

    private void readBottom() throws CorruptSnapshotException {
        long[] functions = words.bottom();
        if (bottom == CallSites.ENTER) {
            if (count > 0) {
                throw corrupt(INCONSISTENT + ": frames above call site 0");
            }
            start = function(functions[0], "start", false);
        }
        if (bottom != CallSites.ENTRY_RETURN) {
            entry = function(functions[functions.length - 1], "entry", true);
        }
    }

    private int function(long word, String what, boolean mayReturn) throws CorruptSnapshotException {
        if (word == ABSENT || word == ABSENT_TOO) {
            return Entries.NONE;
        }
        if (word < 0 || word >= module.functionCount()) {
            throw corrupt("there is no " + what + " function " + Long.toUnsignedString(word));
        }
        requireType((int) word, what, mayReturn);
        return (int) word;
    }

    private void requireType(int function, String what, boolean mayReturn) throws CorruptSnapshotException {
        FunctionType type = module.functionType(function);
        boolean returns = mayReturn && type.resultCount() == 1 && type.result(0) == ValueType.I32;
        if (type.parameterCount() > 0 || type.resultCount() > 0 && !returns) {
            throw corrupt(what + " function " + function + " has type " + type);
        }
    }

    // ---- sites ----

    private PortableFrame frame(int number) {
        PortableFrame found = bySite.get(words.site(number));
        if (found == null) {
            throw new IllegalStateException("a site has been counted and isn't there");
        }
        return found;
    }

    /// Walks each function that has frames once.
    private void findSites() throws CorruptSnapshotException {
        int[] wanted = new int[count];
        for (int i = 0; i < count; i++) {
            wanted[i] = words.site(i);
        }
        int[] sorted = Arrays.stream(wanted).sorted().distinct().toArray();
        int last = -1;
        for (int site : sorted) {
            int function = sites.functionOf(site);
            if (function < module.importedFunctionCount()) {
                boolean prologue = site == sites.firstOf(function);
                SiteKind kind = prologue ? SiteKind.IMPORT_PROLOGUE : SiteKind.IMPORT_INSIDE;
                bySite.put(site, new PortableFrame(kind, site, function, -1, -1));
            } else if (function != last) {
                sites.walk(function, (kind, number, offset, walk) -> {
                    if (!walk.dead() && Arrays.binarySearch(sorted, number) >= 0) {
                        bySite.put(number, new PortableFrame(kind, number, function, offset, walk.targetStart()));
                    }
                });
                last = function;
            }
            if (!bySite.containsKey(site)) {
                throw unreachable(site);
            }
        }
    }

    private static CorruptSnapshotException unreachable(int site) {
        return corrupt("call site " + site + " is in unreachable code");
    }

    /// Whether each frame can have been called by the one that it stands on: the original looks at the number of
    /// parameters alone.
    private void checkCalls() throws CorruptSnapshotException {
        for (int i = 0; i < count; i++) {
            PortableFrame frame = frame(i);
            boolean isCall = frame.kind().isCall();
            if (i > 0 ? !isCall : isCall || frame.kind() == SiteKind.IMPORT_INSIDE) {
                throw corrupt(INCONSISTENT + ": a program can't stand at call site " + frame.site()
                        + (i > 0 ? " in a call" : ""));
            }
            FunctionType type = module.functionType(frame.function());
            if (i + 1 < count) {
                if (words.size(i + 1) < type.parameterCount() || !calls(frame(i + 1), frame.function())) {
                    throw corrupt(INCONSISTENT + ": call site " + words.site(i + 1) + " doesn't call function "
                            + frame.function());
                }
            } else if (type.parameterCount() > 0) {
                throw corrupt(INCONSISTENT + ": function " + frame.function() + " has parameters");
            } else {
                boolean entered = bottom == CallSites.ENTRY_RETURN;
                requireType(frame.function(), entered ? "entry" : "start", entered);
            }
        }
    }

    private boolean calls(PortableFrame caller, int callee) {
        if (!caller.kind().isCall()) {
            return true; // refused for that when its turn comes
        }
        CodeCursor in = new CodeCursor(module.bytes(), caller.offset());
        int opcode = in.opcode();
        int index = in.u32();
        return opcode == Opcode.CALL ? index == callee : module.type(index).equals(module.functionType(callee));
    }

    // ---- images ----

    private RestoredStack initial() {
        List<ExecutionImage.PendingCall> pending = new ArrayList<>();
        pend(pending, start);
        pend(pending, entry);
        return new RestoredStack(image(-1, List.of(), pending), new Entries(start, entry), sites.site(bottom));
    }

    private static void pend(List<ExecutionImage.PendingCall> pending, int function) {
        if (function >= 0) {
            pending.add(new ExecutionImage.PendingCall(function, new long[0]));
        }
    }

    private static ExecutionImage image(int called, List<FrameImage> frames, List<ExecutionImage.PendingCall> pending) {
        return new ExecutionImage(-1, 0, called, frames, pending, false, 0, 0);
    }

    private RestoredStack stopped() throws CorruptSnapshotException {
        PortableFrame top = frame(0);
        boolean again = top.kind() == SiteKind.IMPORT_PROLOGUE;
        if (again) {
            words.requireBytes(0, Long.BYTES);
        }
        int outermost = frame(count - 1).function();
        boolean starting = bottom == CallSites.START_RETURN;
        Entries entries = starting ? new Entries(outermost, entry) : new Entries(Entries.NONE, outermost);
        Site innermost = new Site(top.site(), top.kind(), top.function(), top.offset(), (int) words.bytes(0));
        List<ExecutionImage.PendingCall> pending = new ArrayList<>();
        if (again && count == 1) {
            pend(pending, outermost); // an imported function is the entry, or the start function
            pend(pending, entry);
            return new RestoredStack(image(-1, List.of(), pending), entries, innermost);
        }
        pend(pending, entry);
        return new RestoredStack(image(outermost, frames(again), pending), entries, innermost);
    }

    /// Makes frames from the words, each function's in one pass over its types.
    ///
    /// @param again whether the innermost frame is about to make its call, of an imported function
    private List<FrameImage> frames(boolean again) throws CorruptSnapshotException {
        int first = again ? 1 : 0;
        FramePlaces byPlace = new FramePlaces(module, count);
        for (int i = first; i < count; i++) {
            byPlace.add(i, frame(i).standsAt());
        }
        @Nullable FrameImage[] images = new FrameImage[count];
        for (int function : byPlace.functions()) {
            TypesAt.Visitor<CorruptSnapshotException> visitor = (offset, types) -> byPlace.visit(offset, number -> {
                FrameReader reader = new FrameReader(sites, table, words, number, frame(number), types);
                int callee = number == 0 ? -1 : frame(number - 1).function();
                images[number] = reader.read(callee, again && number == first);
            });
            module.visitTypes(function, byPlace.offsets(function), visitor);
        }
        checkBranch();
        List<FrameImage> outermostFirst = new ArrayList<>(count);
        for (int i = count - 1; i >= first; i--) {
            FrameImage image = images[i];
            if (image == null) {
                throw unreachable(words.site(i));
            }
            outermostFirst.add(image);
        }
        return outermostFirst;
    }

    /// Whether the innermost frame has as many words as a frame can have at a branch to a loop.
    private void checkBranch() throws CorruptSnapshotException {
        PortableFrame frame = frame(0);
        boolean toLoop = frame.kind() == SiteKind.LOOP_BRANCH;
        if (!toLoop && frame.kind() != SiteKind.LOOP_TABLE) {
            return;
        }
        Depths depths = new Depths(module, frame.function());
        depths.want(frame.offset());
        depths.want(frame.target());
        depths.find();
        int locals = sites.ownLocals(frame.function());
        int most = depths.at(frame.offset()) - sites.popped(frame.kind(), frame.offset());
        int least = depths.at(frame.target()) + (toLoop ? 0 : 1);
        int operands = words.size(0) - locals;
        if (operands < least || operands > most) {
            words.requireBytes(0, (1L + most + locals) * Long.BYTES);
        }
    }
}
