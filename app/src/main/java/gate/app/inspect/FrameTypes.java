// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import gate.engine.runtime.FrameImage;
import gate.engine.wasm.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The types of a frame's values.
public record FrameTypes(int[] locals, int[] operands) {
    /// Empty at a function's end, and where no execution comes.
    public static Optional<FrameTypes> of(Module module, FrameImage frame) {
        List<FrameTypes> found = new ArrayList<>();
        module.visitTypes(frame.function(), new int[] {frame.offset()}, (offset, types) -> {
            int[] locals = new int[types.localCount()];
            Arrays.setAll(locals, types::local);
            int[] operands = new int[types.operandCount()];
            Arrays.setAll(operands, types::operand);
            found.add(new FrameTypes(locals, operands));
        });
        return found.stream().findFirst();
    }
}
