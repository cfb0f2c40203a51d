// SPDX-License-Identifier: Apache-2.0
package gate.tests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.snapshot.Snapshot;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.tests.equivalence.SavedFile;
import gate.tests.instance.OriginalContainerTest;
import gate.tests.instance.World;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Saved programs whose exports are hidden: reference 1.1, "Entry, start and `_start`", and 7.3.
final class HiddenExportsTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static void assertNotCallable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InstanceException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(InstanceException.Kind.NOT_FOUND))
                .hasMessage("entry function may not be specified for suspended program");
    }

    /// As the original would have it: with gate.export, and no gate.stack.
    private byte[] uncallable() throws Exception {
        World.Running lacking = world.launch(World.text("""
                (module (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
                  (func (export "main") (result i32) (i32.const 1))
                  (func (export "_start") (result i32) (call $raise (i32.const 1))))"""));
        lacking.instance().await();
        return OriginalContainerTest.asTheOriginals(lacking.snapshot());
    }

    @Test
    void withoutAStackThereIsNothingToDo() throws Exception {
        byte[] file = uncallable();
        Snapshot snapshot = SavedFile.read(file);
        assertThat(snapshot.isOriginals()).isTrue();
        assertThat(snapshot.isUncallable()).isTrue();
        assertThat(snapshot.sections()).extracting(section -> section.name()).doesNotContain("gate.stack", "export");
        World.Running launched = world.launch(World.saved(file));
        assertThat(launched.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    /// Neither when it is launched, nor when it has halted, nor when it has been saved again.
    @ParameterizedTest
    @ValueSource(strings = {"main", "_start", "nothing"})
    void withoutAStackNothingCanBeCalled(String function) throws Exception {
        byte[] file = uncallable();
        Program program = World.saved(file);
        assertNotCallable(() -> world.launch(program, Launch.of("x").withFunction(function)));
        World.Running halted = world.launch(program);
        halted.instance().await();
        assertNotCallable(() -> halted.instance().resume(function));
        assertThat(halted.instance().status()).isEqualTo(Status.exited(State.HALTED, 0));

        byte[] again = halted.snapshot();
        assertThat(SavedFile.read(again).sections())
                .extracting(section -> section.name())
                .contains("gate.saved", "gate.export")
                .doesNotContain("gate.stack", "export");
        Program saved = World.saved(again);
        assertNotCallable(() -> world.launch(saved, Launch.of("x").withFunction(function)));
        World.Running restored = world.launch(saved, Launch.of("again").asSuspended());
        assertThat(restored.instance().status()).isEqualTo(Status.exited(State.HALTED, 0));
        assertNotCallable(() -> restored.instance().resume(function));
    }

    @Test
    void withAStackNothingCanBeCalledBeforeItsEnd() throws Exception {
        World.Running suspended = world.launch(
                World.text("(module (func (export \"main\") (result i32) (i32.const 1)) (func (export \"_start\")))"),
                Launch.of("x").asSuspended());
        for (byte[] file :
                new byte[][] {suspended.snapshot(), OriginalContainerTest.asTheOriginals(suspended.snapshot())}) {
            Program program = World.saved(file);
            assertNotCallable(() -> world.launch(program, Launch.of("x").withFunction("main")));
            World.Running launched = world.launch(program);
            assertThat(launched.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
            launched.instance().resume("main");
            assertThat(launched.instance().await()).isEqualTo(Status.exited(State.HALTED, 1));
        }
    }

    /// A program that has halted is open again.
    @Test
    void haltedProgramCanBeCalledFromItsFile() throws Exception {
        World.Running halted = world.launch(
                World.text("(module (func (export \"main\") (result i32) (i32.const 1)) (func (export \"_start\")))"));
        halted.instance().await();
        for (byte[] file : new byte[][] {halted.snapshot(), OriginalContainerTest.asTheOriginals(halted.snapshot())}) {
            assertThat(SavedFile.read(file).hidesExports()).isFalse();
            World.Running called =
                    world.launch(World.saved(file), Launch.of("x").withFunction("main"));
            assertThat(called.instance().await()).isEqualTo(Status.exited(State.HALTED, 1));
        }
    }
}
