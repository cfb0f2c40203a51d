// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.Execution;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Store;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A host function may ask how many instructions its caller has executed, and allow it more.
class FuelInHostCallTest {
    private static final String TEXT = """
            (module
              (type $asks (func (param i32)))
              (import "" "" (func $ask (type $asks)))
              (table funcref (elem $ask))
              (table $other funcref (elem $ask))
              (elem declare func $ask)
              (func $run (export "run") (local i32)
                (local.set 0 (i32.const 5)) ;; 2 instructions
                CALL
                (local.set 0 (i32.const 6)))
              (func (export "nested") (call $run) (nop) (call $run)))
            """;

    private final List<Long> told = new ArrayList<>();

    private Execution execution(Store store, String call) {
        Module module = Module.parse(TextFormat.toBinary(TEXT.replace("CALL", call), TextLimits.defaults()));
        Execution[] asking = new Execution[1];
        HostFunction function = wanted -> {
            told.add(asking[0].fuelUsed());
            long left = asking[0].fuelLeft();
            asking[0].setFuel(left); // as much as before
            assertThat(asking[0].fuelUsed()).isEqualTo(told.getLast());
            assertThat(asking[0].fuelLeft()).isEqualTo(left);
            return HostFunction.Outcome.DONE;
        };
        Instance instance =
                store.allocate(module, wanted -> Optional.of(new ImportValue.Host(function, module.functionType(0))));
        asking[0] = Execution.instantiate(instance, true);
        asking[0].setFuel(1000);
        return asking[0];
    }

    /// The call and its operands count, what is behind it doesn't.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(call $ask (i32.const 0)) | 4 | 6",
                "(call_indirect (type $asks) (i32.const 0) (i32.const 0)) | 5 | 7",
                "(call_indirect $other (type $asks) (i32.const 0) (i32.const 0)) | 5 | 7",
                "(call_ref $asks (i32.const 0) (ref.func $ask)) | 5 | 7",
                "(return_call $ask (i32.const 0)) | 4 | 4",
                "(return_call_indirect (type $asks) (i32.const 0) (i32.const 0)) | 5 | 5",
                "(return_call_indirect $other (type $asks) (i32.const 0) (i32.const 0)) | 5 | 5",
                "(return_call_ref $asks (i32.const 0) (ref.func $ask)) | 5 | 5",
                "(if (local.get 0) (then (call $ask (local.get 0)))) | 6 | 8"
            })
    void whatHasBeenExecutedIsToldUpToTheCall(String call, long atCall, long inAll) {
        try (Store store = new Store()) {
            Execution execution = execution(store, call);
            execution.call(execution.instance().exportedFunction("nested").orElseThrow());
            assertThat(execution.run()).isEqualTo(Execution.Status.FINISHED);
            assertThat(told).containsExactly(1 + atCall, 2 + inAll + atCall);
            assertThat(execution.fuelUsed()).isEqualTo(2 + 2 * inAll);
            assertThat(execution.fuelLeft()).isEqualTo(1000 - execution.fuelUsed());
        }
    }

    @Test
    void aHostFunctionThatIsTheEntryIsToldToo() {
        try (Store store = new Store()) {
            Execution execution = execution(store, "");
            execution.call(0, 7);
            execution.call(execution.instance().exportedFunction("run").orElseThrow());
            execution.call(0, 7);
            assertThat(execution.run()).isEqualTo(Execution.Status.FINISHED);
            assertThat(told).containsExactly(0L, 4L);
        }
    }
}
