// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.snapshot.CorruptSnapshotException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stacks of a program as the original's snapshots have them in `gate.stack`, from and to frames of
/// ours: reference 7.5 and 7.6. For one thread at a time.
public final class OriginalStack {
    private static final int START_WORD_BYTES = 8;
    private static final int ENTER_BYTES = 16;

    private final CallSites sites;
    private @Nullable TableFunctions table;

    public OriginalStack(CallSites sites) {
        this.sites = sites;
    }

    public CallSites sites() {
        return sites;
    }

    // ---- writing ----

    /// Whether [#encode] has a site for a program whose innermost frame this is. Takes as long as
    /// looking through the frame's function.
    ///
    /// @param innermost of a captured image
    public boolean hasSite(FrameImage innermost) {
        return standing(innermost).isPresent();
    }

    private Optional<Standing> standing(FrameImage innermost) {
        return new StandingPlaces(sites, this::table, innermost).find();
    }

    private TableFunctions table() {
        TableFunctions known = table;
        if (known == null) {
            known = new TableFunctions(sites.module());
            table = known;
        }
        return known;
    }

    /// A stopped execution's stack, little-endian. Fuel counts are lost.
    ///
    /// Where nothing has run yet it is the initial stack; so it is where nothing is left to do,
    /// then without functions.
    ///
    /// @param image as captured, of an instance of the module
    /// @param entries of the program
    /// @return empty where the program stands at no call site, or hasn't been initialised: it has
    ///     to run on to another suspend point; and where it has more to do than a start function
    ///     and an entry without parameters
    public Optional<byte[]> encode(ExecutionImage image, Entries entries) {
        if (image.initialised() >= 0 || !isOriginals(image)) {
            return Optional.empty();
        }
        if (image.entry() < 0) {
            return Optional.of(toBytes(initial(image.pending(), entries)));
        }
        Optional<Standing> standing = standing(image.frames().getLast());
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(toBytes(new StackEncoder(sites, image, standing.get(), bottom(image, entries)).encode()));
    }

    private boolean isOriginals(ExecutionImage image) {
        int calls = image.pending().size() + (image.entry() < 0 ? 0 : 1);
        boolean plain = image.entry() < 0 || isPlain(image.entry());
        for (ExecutionImage.PendingCall call : image.pending()) {
            plain &= isPlain(call.function());
        }
        return plain && calls <= 2;
    }

    private boolean isPlain(int function) {
        return sites.module().functionType(function).parameterCount() == 0;
    }

    private static long[] initial(List<ExecutionImage.PendingCall> pending, Entries entries) {
        int start = Entries.NONE;
        int entry = Entries.NONE;
        if (pending.size() == 2) {
            start = pending.getFirst().function();
            entry = pending.getLast().function();
        } else if (pending.size() == 1) {
            int only = pending.getFirst().function();
            boolean isEntry = only == entries.entry() || only != entries.start();
            start = isEntry ? Entries.NONE : only;
            entry = isEntry ? only : Entries.NONE;
        }
        // The absent function's -1 becomes 2^64 - 1.
        return new long[] {StackEncoder.siteWord(CallSites.ENTER, ENTER_BYTES), start, entry};
    }

    private static long[] bottom(ExecutionImage image, Entries entries) {
        List<ExecutionImage.PendingCall> pending = image.pending();
        boolean starting = image.entry() == entries.start() && image.entry() != entries.entry();
        if (pending.isEmpty() && !starting) {
            return new long[] {CallSites.ENTRY_RETURN};
        }
        long entry = pending.isEmpty() ? Entries.NONE : pending.getFirst().function();
        return new long[] {StackEncoder.siteWord(CallSites.START_RETURN, START_WORD_BYTES), entry};
    }

    private static byte[] toBytes(long[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }

    // ---- reading ----

    /// Reads a stack. What the program does from there is for [gate.engine.runtime.Images#restore]
    /// to check and begin.
    ///
    /// @param stack little-endian words, the innermost frame first
    /// @throws CorruptSnapshotException where it can't be a stack of the module
    public RestoredStack decode(byte[] stack) throws CorruptSnapshotException {
        if (stack.length == 0 || stack.length % Long.BYTES != 0) {
            throw new CorruptSnapshotException("a call stack of " + stack.length + " bytes");
        }
        long[] words = new long[stack.length / Long.BYTES];
        ByteBuffer.wrap(stack).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return new StackDecoder(sites, this::table, words).decode();
    }
}
