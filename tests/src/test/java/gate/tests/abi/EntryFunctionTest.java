// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.EntryException;
import gate.engine.abi.EntryFunction;
import gate.engine.abi.EntryFunction.Origin;
import gate.engine.wasm.Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a program is entered: the table of Gate's reference 1.1.
final class EntryFunctionTest {
    private static final String UNUSABLE = "function not exported or it cannot be used as entry function";
    private static final String HAS_START = "entry function may not be specified for program with _start function";
    private static final String HAS_STACK = "entry function may not be specified for suspended program";

    private final Module plain = AbiGuest.parse(AbiGuest.text("entries.wat"));
    private final Module command = AbiGuest.parse(
            "(module (func) (func (export \"other\")) (func (export \"_start\") (result i32) (i32.const 0)))");
    private final Module wrongStart =
            AbiGuest.parse("(module (func (export \"other\")) (func (export \"_start\") (param i32)))");
    private final Module otherStart =
            AbiGuest.parse("(module (func (export \"other\")) (memory (export \"_start\") 1))");

    private static void assertRefused(Module module, String requested, Origin origin, String text) {
        assertThatThrownBy(() -> EntryFunction.choose(module, requested, origin))
                .isInstanceOfSatisfying(
                        EntryException.class,
                        refusal -> assertThat(refusal.publicText()).isEqualTo(text));
    }

    @Test
    void startFunctionIsTheEntryWhereNoneIsAskedFor() throws EntryException {
        assertThat(EntryFunction.choose(command, "", Origin.PROGRAM)).contains(new EntryFunction("_start", 2));
    }

    @Test
    void startFunctionThatCannotBeCalledIsNoEntry() throws EntryException {
        assertThat(EntryFunction.choose(wrongStart, "", Origin.PROGRAM)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "_start", "nothing"})
    void programWithStartFunctionHasNoOtherEntry(String requested) {
        assertRefused(command, requested, Origin.PROGRAM, HAS_START);
        assertRefused(wrongStart, requested, Origin.PROGRAM, HAS_START);
    }

    @Test
    void startMeansAFunction() throws EntryException {
        assertThat(EntryFunction.choose(otherStart, "other", Origin.PROGRAM)).contains(new EntryFunction("other", 0));
        assertThat(EntryFunction.choose(otherStart, "", Origin.PROGRAM)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_start"})
    void programWithoutStartFunctionNeedsNoEntry(String requested) throws EntryException {
        assertThat(EntryFunction.choose(plain, requested, Origin.PROGRAM)).isEmpty();
        assertThat(EntryFunction.choose(plain, requested, Origin.SNAPSHOT)).isEmpty();
        assertThat(EntryFunction.choose(AbiGuest.parse("(module)"), requested, Origin.PROGRAM))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PROGRAM", "SNAPSHOT"})
    void exportedFunctionsWithoutParametersCanBeAskedFor(Origin origin) throws EntryException {
        assertThat(EntryFunction.choose(plain, "nothing", origin)).contains(new EntryFunction("nothing", 0));
        assertThat(EntryFunction.choose(plain, "number", origin)).contains(new EntryFunction("number", 1));
        assertThat(EntryFunction.choose(plain, "a name that is no name", origin))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"long", "argument", "memory", "global", "absent", "Nothing", " nothing"})
    void othersCannot(String requested) {
        assertRefused(plain, requested, Origin.PROGRAM, UNUSABLE);
        assertRefused(plain, requested, Origin.SNAPSHOT, UNUSABLE);
        assertThatThrownBy(() -> EntryFunction.named(plain, requested)).hasMessage(UNUSABLE);
    }

    @Test
    void snapshotDoesNotStartAgain() throws EntryException {
        assertThat(EntryFunction.choose(command, "", Origin.SNAPSHOT)).isEmpty();
        assertThat(EntryFunction.choose(command, "_start", Origin.SNAPSHOT)).isEmpty();
        assertThat(EntryFunction.choose(command, "other", Origin.SNAPSHOT)).contains(new EntryFunction("other", 1));
    }

    @Test
    void suspendedProgramTakesNoEntry() throws EntryException {
        assertThat(EntryFunction.choose(plain, "", Origin.SUSPENDED)).isEmpty();
        assertThat(EntryFunction.choose(command, "", Origin.SUSPENDED)).isEmpty();
        assertRefused(plain, "nothing", Origin.SUSPENDED, HAS_STACK);
        assertRefused(plain, "_start", Origin.SUSPENDED, HAS_STACK);
    }

    @Test
    void haltedProgramIsGivenAnyFunction() throws EntryException {
        assertThat(EntryFunction.named(plain, "number")).isEqualTo(new EntryFunction("number", 1));
        assertThat(EntryFunction.named(command, "_start")).isEqualTo(new EntryFunction("_start", 2));
    }

    @Test
    void resultIsZeroOrOne() {
        assertThat(EntryFunction.result()).isZero();
        assertThat(EntryFunction.result(0)).isZero();
        assertThat(EntryFunction.result(1)).isOne();
        assertThat(EntryFunction.result(-1)).isOne();
        assertThat(EntryFunction.result(256)).isOne();
        assertThat(EntryFunction.resultOfExit(0)).isZero();
        assertThat(EntryFunction.resultOfExit(3)).isOne();
        assertThat(EntryFunction.resultOfExit(-1)).isOne();
    }
}
