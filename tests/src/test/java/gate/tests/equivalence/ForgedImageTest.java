// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Images that no program of the module can have come to are refused, with a reason.
final class ForgedImageTest {
    private static final String TEXT = """
            (module
              (type $t (func (param i32) (result i32)))
              (import "host" "wait" (func $wait))
              (elem declare func $inner $other)
              (func $outer (export "outer") (param i32) (result i32)
                (i32.add (i32.const 5) (call $inner (local.get 0))))
              (func $inner (type $t) (local $r (ref $t)) (local $n funcref) (local $f f32) (local $e externref)
                (local.set $r (ref.func $inner))
                (local.get 0)
                (i32.const 17)
                (i32.add (local.get 0) (i32.const 1))
                (call $wait)
                drop drop)
              (func $other (param i64) (result i64) (local.get 0)))""";

    private final TextGuest guest = TextGuest.of(TEXT, call -> HostFunction.Outcome.AGAIN);
    private ExecutionImage image = capture();

    private ExecutionImage capture() {
        guest.call("outer", 3);
        guest.execution().run();
        return Images.capture(guest.execution());
    }

    @BeforeEach
    void imageItselfIsAccepted() throws Exception {
        assertThat(image.frames()).hasSize(2);
        assertThat(image.frames().get(0).operands()).containsExactly(5);
        assertThat(image.frames().get(1).operands()).containsExactly(3, 17, 4);
        assertThat(Images.restore(guest.instance(), image).status()).isEqualTo(Execution.Status.SUSPENDED);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private ExecutionImage withFrames(List<FrameImage> frames) {
        return new ExecutionImage(
                -1, 0, image.entry(), frames, image.pending(), true, image.fuelUsed(), image.fuelLeft());
    }

    private ExecutionImage withFrame(int index, UnaryOperator<FrameImage> change) {
        List<FrameImage> frames = new ArrayList<>(image.frames());
        frames.set(index, change.apply(frames.get(index)));
        return withFrames(frames);
    }

    private void refused(ExecutionImage forged, String reason) {
        assertThatThrownBy(() -> Images.restore(guest.instance(), forged))
                .isInstanceOf(CorruptImageException.class)
                .hasMessageContaining(reason);
    }

    private static FrameImage at(FrameImage frame, int offset) {
        return new FrameImage(frame.function(), offset, frame.inCall(), frame.locals(), frame.operands());
    }

    private static FrameImage of(FrameImage frame, int function) {
        return new FrameImage(function, frame.offset(), frame.inCall(), frame.locals(), frame.operands());
    }

    private static FrameImage inCall(FrameImage frame, boolean inCall) {
        return new FrameImage(frame.function(), frame.offset(), inCall, frame.locals(), frame.operands());
    }

    private static FrameImage local(FrameImage frame, int local, long value) {
        long[] locals = frame.locals().clone();
        locals[local] = value;
        return new FrameImage(frame.function(), frame.offset(), frame.inCall(), locals, frame.operands());
    }

    private static FrameImage operands(FrameImage frame, long... operands) {
        return new FrameImage(frame.function(), frame.offset(), frame.inCall(), frame.locals(), operands);
    }

    private static FrameImage locals(FrameImage frame, long... locals) {
        return new FrameImage(frame.function(), frame.offset(), frame.inCall(), locals, frame.operands());
    }

    @Test
    void frameOfAnotherFunction() {
        refused(withFrame(1, frame -> of(frame, 3)), "frame 1 stands at offset");
        refused(withFrame(1, frame -> of(frame, 1)), "frame 1 stands at offset");
        refused(withFrame(1, frame -> of(frame, 0)), "frame 1 is of function 0, which isn't defined here");
        refused(withFrame(1, frame -> of(frame, -1)), "frame 1 is of function -1, which isn't defined here");
        refused(withFrame(1, frame -> of(frame, 4)), "frame 1 is of function 4, which isn't defined here");
        refused(withFrame(0, frame -> of(frame, 3)), "can't come from a call of function 1");
    }

    @Test
    void offsetAtWhichExecutionCannotStand() {
        int right = image.frames().get(1).offset();
        for (int offset : new int[] {right + 1, right - 1, right - 2, 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            refused(withFrame(1, frame -> at(frame, offset)), "frame 1");
        }
    }

    @Test
    void callsThatDoNotMatch() {
        refused(withFrame(1, frame -> inCall(frame, true)), "frame 1 is the innermost but in a call");
        refused(withFrame(0, frame -> inCall(frame, false)), "frame 0 isn't in a call");
        refused(withFrames(List.of(image.frames().getFirst())), "frame 0 is the innermost but in a call");
        refused(withFrames(List.of()), "without frames");
        FrameImage other =
                new FrameImage(3, guest.instance().module().bodyEnd(3) - 1, false, new long[] {1}, new long[] {});
        refused(withFrames(List.of(image.frames().getFirst(), other)), "can't have called function 3");
    }

    @Test
    void countsThatDiffer() {
        refused(withFrame(1, frame -> operands(frame, 3, 17)), "locals and 2 operands");
        refused(withFrame(1, frame -> operands(frame, 3, 17, 4, 4)), "locals and 4 operands");
        refused(withFrame(1, frame -> locals(frame, 3)), "frame 1 has 1 locals");
        refused(withFrame(0, frame -> operands(frame)), "frame 0 has");
        refused(withFrame(0, frame -> operands(frame, 5, 3)), "frame 0 has");
    }

    @Test
    void valuesOfOtherTypes() {
        refused(withFrame(1, frame -> local(frame, 0, 1L << 32)), "frame 1, local 0 isn't a value of type i32");
        refused(withFrame(1, frame -> local(frame, 0, 0xFFFF_FFFFL)), "frame 1, local 0 isn't a value of type i32");
        refused(withFrame(1, frame -> operands(frame, 3, 17, 1L << 40)), "frame 1, operand 2");
        refused(withFrame(1, frame -> local(frame, 3, 1L << 32)), "type f32");
        refused(withFrame(1, frame -> local(frame, 1, 0)), "frame 1, local 1 isn't a value of type (ref 0)");
        long own = image.frames().get(1).locals()[1];
        refused(withFrame(1, frame -> local(frame, 1, own + 1)), "frame 1, local 1 isn't a value of type (ref 0)");
        refused(withFrame(1, frame -> local(frame, 2, own + 2)), "frame 1, local 2 isn't a value of type funcref");
        refused(withFrame(1, frame -> local(frame, 2, own + (1L << 32))), "type funcref");
        refused(withFrame(1, frame -> local(frame, 2, -1)), "type funcref");
        refused(withFrame(1, frame -> local(frame, 2, 5)), "type funcref");
    }

    @Test
    void operandsThatDifferFromTheLocalOrConstantTheyAre() {
        refused(withFrame(1, frame -> operands(frame, 9, 17, 4)), "operand 0 differs from the local or constant");
        refused(withFrame(1, frame -> operands(frame, 3, 18, 4)), "operand 1 differs from the local or constant");
        refused(withFrame(0, frame -> operands(frame, 6)), "frame 0, operand 0 differs from the local or constant");
    }

    @Test
    void numbersOutOfRange() {
        FrameImage[] frames = image.frames().toArray(FrameImage[]::new);
        List<FrameImage> same = List.of(frames);
        refused(new ExecutionImage(99, 0, 1, same, List.of(), true, 0, 0), "initialisation stands at segment 99");
        refused(new ExecutionImage(-2, 0, 1, same, List.of(), true, 0, 0), "initialisation");
        refused(new ExecutionImage(-1, -1, 1, same, List.of(), true, 0, 0), "initialisation");
        refused(new ExecutionImage(-1, 0, -1, same, List.of(), true, 0, 0), "frames but no call");
        refused(new ExecutionImage(-1, 0, 0, same, List.of(), true, 0, 0), "outermost");
        refused(new ExecutionImage(-1, 0, 77, same, List.of(), true, 0, 0), "77");
        refused(new ExecutionImage(-1, 0, 1, same, List.of(), true, -1, 0), "fuel counts out of range");
        refused(new ExecutionImage(-1, 0, 1, same, List.of(), true, 5, Long.MAX_VALUE), "fuel counts out of range");
        refused(pending(8, 1), "pending call of function 8, which doesn't exist");
        refused(pending(-1, 1), "pending call of function -1");
        refused(pending(1), "pending call of function 1 has 0 arguments");
        refused(pending(1, 1L << 33), "argument 0 of a pending call");
    }

    private ExecutionImage pending(int function, long... arguments) {
        List<ExecutionImage.PendingCall> calls = List.of(new ExecutionImage.PendingCall(function, arguments));
        return new ExecutionImage(-1, 0, 1, image.frames(), calls, true, 0, 0);
    }

    @Test
    void moreFramesThanTheStackHolds() {
        List<FrameImage> frames = new ArrayList<>();
        String recursive = "(module (import \"host\" \"wait\" (func $wait)) (func $f (export \"f\") (param i32)"
                + " (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))) (call $wait)))";
        try (TextGuest deep = TextGuest.of(recursive, call -> HostFunction.Outcome.AGAIN)) {
            deep.call("f", 2);
            deep.execution().run();
            ExecutionImage shallow = Images.capture(deep.execution());
            for (int i = 0; i < 600_000; i++) {
                frames.add(shallow.frames().getFirst());
            }
            frames.add(shallow.frames().getLast());
            ExecutionImage forged = new ExecutionImage(-1, 0, shallow.entry(), frames, List.of(), true, 0, 0);
            assertThatThrownBy(() -> Images.restore(deep.instance(), forged))
                    .isInstanceOf(CorruptImageException.class)
                    .hasMessageContaining("beyond the stack budget");
        }
    }
}
