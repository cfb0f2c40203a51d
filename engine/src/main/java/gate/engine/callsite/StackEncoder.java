// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.FramePlaces;
import gate.engine.wasm.Module;
import gate.engine.wasm.TypesAt;
import java.util.List;

/// Writes frames as a portable stack.
final class StackEncoder {
    /// The site word that stands alone, of a prologue.
    private static final int PROLOGUE_BYTES = 8;

    private final CallSites sites;
    private final Module module;
    private final List<FrameImage> frames;
    private final Standing standing;
    /// Where each frame's site word goes, by its number from the outermost.
    private final int[] places;
    private final int[] siteOf;
    private final long[] words;

    /// @param bottom words under the outermost frame
    StackEncoder(CallSites sites, ExecutionImage image, Standing standing, long[] bottom) {
        this.sites = sites;
        this.module = sites.module();
        this.frames = image.frames();
        this.standing = standing;
        this.places = new int[frames.size()];
        this.siteOf = new int[frames.size()];
        long at = standing.callee() < 0 ? 0 : 1;
        for (int i = frames.size() - 1; i >= 0; i--) {
            places[i] = (int) at;
            at += sizeOf(i);
        }
        if (at + bottom.length > Integer.MAX_VALUE / Long.BYTES) {
            throw new IllegalArgumentException("a stack of " + at + " words");
        }
        this.words = new long[(int) at + bottom.length];
        System.arraycopy(bottom, 0, words, (int) at, bottom.length);
    }

    /// Words of a frame with its site word.
    private long sizeOf(int number) {
        FrameImage frame = frames.get(number);
        int own = frame.locals().length - parameters(frame);
        if (number < frames.size() - 1) {
            return 1L + frame.operands().length + parameters(frames.get(number + 1)) + own;
        }
        return standing.locals() ? 1L + standing.words() + own : 1;
    }

    private int parameters(FrameImage frame) {
        return module.functionType(frame.function()).parameterCount();
    }

    long[] encode() {
        FramePlaces byPlace = new FramePlaces(module, frames.size());
        for (int i = 0; i < frames.size(); i++) {
            byPlace.add(i, frames.get(i).offset());
        }
        int innermost = frames.size() - 1;
        for (int function : byPlace.functions()) {
            sites.walk(function, (kind, site, offset, walk) -> {
                if (kind.isCall()) {
                    byPlace.visit(offset, number -> siteOf[number] = site);
                }
            });
            module.visitTypes(
                    function,
                    byPlace.offsets(function),
                    (offset, types) -> byPlace.visit(offset, number -> {
                        if (number == innermost) {
                            siteOf[number] = standing.site();
                        }
                        write(number, types);
                    }));
        }
        if (standing.callee() >= 0) {
            words[0] = siteWord(sites.firstOf(standing.callee()), PROLOGUE_BYTES);
        }
        return words;
    }

    static long siteWord(int site, long bytes) {
        return bytes << 32 | site;
    }

    private void write(int number, TypesAt types) {
        FrameImage frame = frames.get(number);
        boolean outer = number < frames.size() - 1;
        int place = places[number];
        words[place] = siteWord(siteOf[number], sizeOf(number) * Long.BYTES);
        if (outer || standing.locals()) {
            int operands = outer ? frame.operands().length : standing.operands();
            int above = outer ? parameters(frames.get(number + 1)) : standing.words() - operands;
            int top = place + above + operands; // of the deepest operand
            for (int i = 0; i < operands; i++) {
                words[top - i] = PortableValues.toWord(types.operand(i), frame.operands()[i]);
            }
            int end = place + (int) sizeOf(number) - 1;
            int parameters = parameters(frame);
            for (int i = parameters; i < frame.locals().length; i++) {
                words[end - (i - parameters)] = PortableValues.toWord(types.local(i), frame.locals()[i]);
            }
        }
        if (!outer && standing.index() >= 0) {
            words[place + 1] = standing.index();
        }
        parametersOf(number, types);
    }

    /// Parameters are in the caller's frame, the last nearest to the callee.
    private void parametersOf(int number, TypesAt types) {
        FrameImage frame = frames.get(number);
        int parameters = parameters(frame);
        int caller = places[number] + (int) sizeOf(number);
        for (int i = 0; i < parameters; i++) {
            words[caller + parameters - i] = PortableValues.toWord(types.local(i), frame.locals()[i]);
        }
    }
}
