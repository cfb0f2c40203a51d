// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Many types compared at once are compared as one by one.
final class SubtypingTest {
    private static final int NON_NULL_FUNC = ValueType.asNonNull(ValueType.FUNCREF);
    private static final int[] TYPES = {
        ValueType.BOTTOM,
        ValueType.I32,
        ValueType.I64,
        ValueType.F32,
        ValueType.F64,
        ValueType.FUNCREF,
        ValueType.EXTERNREF,
        NON_NULL_FUNC,
        ValueType.asNonNull(ValueType.EXTERNREF),
        ValueType.concrete(0, true),
        ValueType.concrete(0, false),
        ValueType.concrete(1, true),
        ValueType.concrete(ValueType.HEAP_FUNC, false),
        ValueType.concrete(ValueType.HEAP_EXTERN, true),
        ValueType.concrete(0x0FFF_FFFF, true),
        ValueType.concrete(0x0FFF_FFFF, false)
    };

    private static Module parse(String fields) {
        return Module.parse(TextFormat.toBinary("(module " + fields + ")", TextLimits.defaults()));
    }

    @Test
    void everyPairIsJudgedAsByItselfInEveryPlace() {
        Module module = parse("");
        for (int actual : TYPES) {
            for (int expected : TYPES) {
                if (expected != ValueType.BOTTOM) {
                    comparePair(actual, expected, module.matches(actual, expected));
                }
            }
        }
    }

    private static void comparePair(int actual, int expected, boolean fits) {
        int length = 37;
        for (int place = 0; place < length; place++) {
            int[] found = new int[length + 2];
            int[] wanted = new int[length + 1];
            Arrays.fill(found, 2, found.length, NON_NULL_FUNC);
            Arrays.fill(wanted, 1, wanted.length, ValueType.FUNCREF);
            found[2 + place] = actual;
            wanted[1 + place] = expected;
            assertThat(Subtyping.allMatch(found, 2, wanted, 1, length))
                    .as("%s for %s at %d of %d", ValueType.name(actual), ValueType.name(expected), place, length)
                    .isEqualTo(fits);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'expected (ref func), found funcref'",
        "1, 'expected (ref func), found funcref'",
        "499, 'expected (ref func), found funcref'",
        "999, 'expected (ref func), found funcref'"
    })
    void theMismatchAmongManyIsNamed(int place, String message) {
        String parameters = " funcref".repeat(place) + " (ref func)" + " funcref".repeat(999 - place);
        String fields = "(type $f (func (param" + parameters + ")))"
                + "(type $many (func (result" + " (ref func)".repeat(1000) + ")))"
                + "(type $one (func (result" + " (ref func)".repeat(place) + " funcref"
                + " (ref func)".repeat(999 - place)
                + ")))(func $f (type $f)) (func $many (type $many) unreachable) (func $one (type $one) unreachable)";
        assertThatCode(() -> parse(fields + "(func call $many call $f)")).doesNotThrowAnyException();
        for (String body : List.of("call $one call $f", "i32.const 0 if call $one call $f end")) {
            assertThatThrownBy(() -> parse(fields + "(func " + body + ")"))
                    .isInstanceOf(InvalidModuleException.class)
                    .hasMessageContaining("type mismatch: " + message);
        }
    }

    @Test
    void whatIsMissingOfManyIsMissedUnlessItIsUnreachable() {
        String fields = "(type $f (func (param" + " funcref".repeat(1000) + ")))(func $f (type $f))"
                + "(type $few (func (result" + " (ref func)".repeat(999) + ")))(func $few (type $few) unreachable)";
        assertThatThrownBy(() -> parse(fields + "(func call $few call $f)"))
                .isInstanceOf(InvalidModuleException.class)
                .hasMessageContaining("type mismatch: the operand stack is empty");
        assertThatCode(() -> parse(fields + "(func unreachable call $few call $f)"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> parse(fields + "(func unreachable i32.const 0 call $f)"))
                .isInstanceOf(InvalidModuleException.class)
                .hasMessageContaining("expected funcref, found i32");
    }
}
