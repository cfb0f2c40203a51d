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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a portable stack. Frames are numbered from the innermost.
final class StackDecoder {
    private static final String INCONSISTENT = "inconsistent call stack";
    private static final String RAN_OUT = "ran out of stack before initial call";
    private static final long ABSENT = -1;
    /// What the original writes, by mistake, where there is no entry function: reference 13.1 #6.
    private static final long ABSENT_TOO = 0xFFFF_FFFFL;

    private final CallSites sites;
    private final Module module;
    private final Supplier<TableFunctions> table;
    private final long[] words;

    /// Where frames' site words are; the last is the bottom's.
    private int[] places = new int[16];

    private int count;
    private final Map<Integer, PortableFrame> bySite = new HashMap<>();
    private @Nullable FrameImage[] images = new FrameImage[0];
    private int start = Entries.NONE;
    private int entry = Entries.NONE;

    StackDecoder(CallSites sites, Supplier<TableFunctions> table, long[] words) {
        this.sites = sites;
        this.module = sites.module();
        this.table = table;
        this.words = words;
    }

    RestoredStack decode() throws CorruptSnapshotException {
        SiteKind bottom = splitFrames();
        readBottom(bottom);
        findSites();
        checkCalls(bottom);
        return bottom == SiteKind.ENTER || count == 0 ? initial() : stopped(bottom);
    }

    private static CorruptSnapshotException corrupt(String message) {
        return new CorruptSnapshotException(message);
    }

    // ---- words ----

    private int siteAt(int place) {
        return (int) words[place];
    }

    private long bytesAt(int place) {
        return words[place] >>> 32;
    }

    private int sizeOf(int number) {
        return places[number + 1] - places[number];
    }

    /// @return the bottom's kind
    private SiteKind splitFrames() throws CorruptSnapshotException {
        int at = 0;
        while (true) {
            if (at >= words.length) {
                throw corrupt(RAN_OUT);
            }
            if (count + 1 == places.length) {
                places = Arrays.copyOf(places, count * 2);
            }
            places[count] = at;
            int site = siteAt(at);
            long bytes = bytesAt(at);
            if (site < 0 || site >= sites.count()) {
                throw corrupt("there is no call site " + Integer.toUnsignedString(site));
            }
            if (site < CallSites.BOTTOM_SITES) {
                Site bottom = sites.site(site);
                requireBytes(site, bytes, bottom.stackBytes());
                return bottom.kind();
            }
            if (bytes % Long.BYTES != 0 || bytes == 0) {
                throw corrupt("a frame of " + bytes + " bytes at call site " + site);
            }
            if (bytes / Long.BYTES > words.length - at) {
                throw corrupt(RAN_OUT);
            }
            at += (int) (bytes / Long.BYTES);
            count++;
        }
    }

    private static void requireBytes(int site, long actual, long expected) throws CorruptSnapshotException {
        if (actual != expected) {
            throw corrupt("stack offset " + actual + " at call site " + site + ", where it is " + expected);
        }
    }

    private void readBottom(SiteKind kind) throws CorruptSnapshotException {
        int at = places[count] + 1;
        int functions = (int) (bytesAt(places[count]) / Long.BYTES);
        if (at + functions > words.length) {
            throw corrupt(RAN_OUT);
        }
        if (kind == SiteKind.ENTER) {
            if (count > 0) {
                throw corrupt(INCONSISTENT + ": frames above call site 0");
            }
            start = function(words[at++], "start", false);
        }
        if (kind != SiteKind.ENTRY_RETURN) {
            entry = function(words[at++], "entry", true);
        }
        if (at < words.length) {
            throw corrupt((long) (words.length - at) * Long.BYTES + " bytes of excess data at start of stack");
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
        PortableFrame found = bySite.get(siteAt(places[number]));
        if (found == null) {
            throw new IllegalStateException("a site has been counted and isn't there");
        }
        return found;
    }

    /// Walks each function that has frames once.
    private void findSites() throws CorruptSnapshotException {
        int[] wanted = new int[count];
        for (int i = 0; i < count; i++) {
            wanted[i] = siteAt(places[i]);
        }
        int[] sorted = Arrays.stream(wanted).sorted().distinct().toArray();
        int last = -1;
        for (int site : sorted) {
            int function = sites.functionOf(site);
            if (function < module.importedFunctionCount()) {
                boolean prologue = site == sites.firstOf(function);
                bySite.put(
                        site,
                        new PortableFrame(
                                prologue ? SiteKind.IMPORT_PROLOGUE : SiteKind.IMPORT_INSIDE, site, function, -1, -1));
            } else if (function != last) {
                sites.walk(function, (kind, number, offset, walk) -> {
                    if (!walk.dead() && Arrays.binarySearch(sorted, number) >= 0) {
                        bySite.put(number, new PortableFrame(kind, number, function, offset, walk.targetStart()));
                    }
                });
                last = function;
            }
            if (!bySite.containsKey(site)) {
                throw corrupt("call site " + site + " is in unreachable code");
            }
        }
    }

    /// Whether each frame can have been called by the one that it stands on: the original looks at
    /// the number of parameters alone.
    private void checkCalls(SiteKind bottom) throws CorruptSnapshotException {
        for (int i = 0; i < count; i++) {
            PortableFrame frame = frame(i);
            boolean fits =
                    i > 0 ? frame.kind().isCall() : !frame.kind().isCall() && frame.kind() != SiteKind.IMPORT_INSIDE;
            if (!fits) {
                throw corrupt(INCONSISTENT + ": a program can't stand at call site " + frame.site()
                        + (i > 0 ? " in a call" : ""));
            }
            FunctionType type = module.functionType(frame.function());
            if (i + 1 < count) {
                if (sizeOf(i + 1) - 1 < type.parameterCount() || !calls(frame(i + 1), frame.function())) {
                    throw corrupt(INCONSISTENT + ": call site " + siteAt(places[i + 1]) + " doesn't call function "
                            + frame.function());
                }
            } else if (type.parameterCount() > 0) {
                throw corrupt(INCONSISTENT + ": function " + frame.function() + " has parameters");
            } else {
                boolean entered = bottom == SiteKind.ENTRY_RETURN;
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
        return new RestoredStack(
                image(-1, List.of(), pending), new Entries(start, entry), sites.site(siteAt(places[0])));
    }

    private static void pend(List<ExecutionImage.PendingCall> pending, int function) {
        if (function >= 0) {
            pending.add(new ExecutionImage.PendingCall(function, new long[0]));
        }
    }

    private static ExecutionImage image(int called, List<FrameImage> frames, List<ExecutionImage.PendingCall> pending) {
        return new ExecutionImage(-1, 0, called, frames, pending, false, 0, 0);
    }

    private RestoredStack stopped(SiteKind bottom) throws CorruptSnapshotException {
        int outermost = frame(count - 1).function();
        boolean starting = bottom == SiteKind.START_RETURN;
        Entries entries = starting ? new Entries(outermost, entry) : new Entries(Entries.NONE, outermost);
        List<ExecutionImage.PendingCall> pending = new ArrayList<>();
        boolean again = frame(0).kind() == SiteKind.IMPORT_PROLOGUE;
        PortableFrame top = frame(0);
        requireBytes(0, SiteKind.IMPORT_PROLOGUE);
        Site innermost = new Site(top.site(), top.kind(), top.function(), top.offset(), (int) bytesAt(places[0]));
        if (again && count == 1) {
            pend(pending, outermost); // an imported function is the entry
            pend(pending, entry);
            return new RestoredStack(image(-1, List.of(), pending), entries, innermost);
        }
        pend(pending, entry);
        images = new FrameImage[count];
        build(again ? 1 : 0, again);
        List<FrameImage> frames = new ArrayList<>();
        for (FrameImage frame : images) {
            if (frame != null) {
                frames.add(frame);
            }
        }
        Collections.reverse(frames);
        return new RestoredStack(image(outermost, frames, pending), entries, innermost);
    }

    private void requireBytes(int number, SiteKind kind) throws CorruptSnapshotException {
        if (frame(number).kind() == kind) {
            requireBytes(siteAt(places[number]), bytesAt(places[number]), Long.BYTES);
        }
    }

    /// Makes frames from the words, each function's in one pass over its types.
    private void build(int first, boolean again) throws CorruptSnapshotException {
        FramePlaces byPlace = new FramePlaces();
        for (int i = first; i < count; i++) {
            byPlace.add(i, frame(i).function(), frame(i).standsAt());
        }
        for (int function : byPlace.functions()) {
            int locals = sites.ownLocals(function);
            TypesAt.Visitor<CorruptSnapshotException> visitor = (offset, types) -> {
                for (int number : byPlace.at(function, offset)) {
                    images[number] = new FrameBuilder(number, types, locals, again).image();
                }
            };
            module.visitTypes(function, byPlace.offsets(function), visitor);
        }
        checkBranch(first);
        for (int i = first; i < count; i++) {
            if (images[i] == null) {
                throw corrupt("call site " + siteAt(places[i]) + " is in unreachable code");
            }
        }
    }

    /// Whether the innermost frame has as many words as a frame can have at a branch to a loop.
    private void checkBranch(int first) throws CorruptSnapshotException {
        PortableFrame frame = frame(0);
        boolean toLoop = frame.kind() == SiteKind.LOOP_BRANCH;
        if (first > 0 || !toLoop && frame.kind() != SiteKind.LOOP_TABLE) {
            return;
        }
        Depths depths = new Depths(module, frame.function());
        depths.want(frame.offset());
        depths.want(frame.target());
        depths.find();
        int most = depths.at(frame.offset()) - sites.popped(frame.kind(), frame.offset());
        int least = depths.at(frame.target()) + (toLoop ? 0 : 1);
        int operands = sizeOf(0) - 1 - sites.ownLocals(frame.function());
        if (operands < least || operands > most) {
            requireBytes(frame.site(), bytesAt(places[0]), bytesAt(places[0]) + (long) (most - operands) * Long.BYTES);
        }
    }

    /// Makes one frame from its words.
    private final class FrameBuilder {
        private final int number;
        private final PortableFrame frame;
        private final TypesAt types;
        private final int ownLocals;
        private final boolean again;

        FrameBuilder(int number, TypesAt types, int ownLocals, boolean again) {
            this.number = number;
            this.frame = frame(number);
            this.types = types;
            this.ownLocals = ownLocals;
            this.again = again && number == 1;
        }

        FrameImage image() throws CorruptSnapshotException {
            boolean prologue = frame.kind() == SiteKind.PROLOGUE;
            int held = prologue ? 0 : sizeOf(number) - 1 - ownLocals;
            int operands = types.operandCount();
            checkSize(held, prologue);
            boolean inCall = frame.kind().isCall() && !again;
            if (inCall) {
                operands =
                        held - module.functionType(frame(number - 1).function()).parameterCount();
            }
            return new FrameImage(
                    frame.function(), frame.standsAt(), inCall, locals(prologue), operands(held, operands));
        }

        private void checkSize(int held, boolean prologue) throws CorruptSnapshotException {
            long bytes = bytesAt(places[number]);
            if (prologue) {
                requireBytes(frame.site(), bytes, Long.BYTES);
                return;
            }
            int most = types.operandCount() - sites.popped(frame.kind(), frame.offset());
            boolean fits = switch (frame.kind()) {
                case TRAP -> held >= 0 && held <= most;
                case LOOP_BRANCH, LOOP_TABLE -> held >= 0; // checkBranch
                default -> held == most;
            };
            if (!fits) {
                requireBytes(frame.site(), bytes, (1L + most + ownLocals) * Long.BYTES);
                throw new IllegalStateException("a size that doesn't fit and is right");
            }
        }

        private long[] locals(boolean prologue) {
            int parameters = types.localCount() - ownLocals;
            long[] locals = new long[types.localCount()];
            int caller = places[number + 1];
            for (int i = 0; i < parameters; i++) {
                locals[i] = PortableValues.toRaw(types.local(i), words[caller + parameters - i]);
            }
            for (int i = parameters; i < locals.length && !prologue; i++) {
                locals[i] = PortableValues.toRaw(types.local(i), words[caller - 1 - (i - parameters)]);
            }
            return locals;
        }

        /// @param held operands that the frame's words have
        /// @param wanted operands that the image has; those above the ones held are zero
        private long[] operands(int held, int wanted) throws CorruptSnapshotException {
            long[] operands = new long[wanted];
            int deepest = places[number] + held;
            int index = frame.kind() == SiteKind.LOOP_TABLE ? 1 : 0;
            for (int i = 0; i < Math.min(held - index, wanted); i++) {
                operands[i] = PortableValues.toRaw(types.operand(i), words[deepest - i]);
            }
            if (index > 0 && held > 0) {
                operands[wanted - 1] = (int) words[places[number] + 1];
            }
            if (again && frame.kind() == SiteKind.CALL_INDIRECT) {
                operands[wanted - 1] = elementOf(frame(0).function());
            }
            return operands;
        }

        /// An element of the table with which the call gets to the function. The instruction before
        /// the call may say which, and the interpreter may rely on it.
        private int elementOf(int function) throws CorruptSnapshotException {
            int found = table.get().find(function);
            if (found < 0) {
                throw corrupt(INCONSISTENT + ": function " + function + " isn't in the table");
            }
            return found;
        }
    }
}
