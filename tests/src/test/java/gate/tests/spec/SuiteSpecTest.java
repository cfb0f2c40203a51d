// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.StoreOptions;
import gate.tests.spec.TestSuite.ScriptFile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The official suite, every file of it.
final class SuiteSpecTest {
    @Test
    void everyCommandDoesWhatItSays() {
        TestSuite suite = TestSuite.findOrSkip("the official suite");
        StoreOptions options = StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped());
        String only = System.getProperty("gate.only", "");
        List<String> failures = new ArrayList<>();
        for (Pace pace : List.of(Pace.STRAIGHT, Pace.EVERY_SEVENTH, Pace.EVERY_POINT)) {
            if (!pace.label().startsWith(System.getProperty("gate.pace", ""))) continue;
            long began = System.nanoTime();
            int assertions = 0;
            int left = 0;
            Suspensions s = Suspensions.NONE;
            for (ScriptFile script : suite.scripts()) {
                if (!script.name().startsWith(only)) continue;
                long b = System.nanoTime();
                ScriptReport report = ScriptRun.run(script.name(), script.read(), pace, options);
                long ms = (System.nanoTime() - b) / 1000000;
                if (ms > 1000) System.out.println(script.name() + " " + ms + " ms " + report.suspensions());
                assertions += report.assertions();
                left += report.leftOutCommands();
                s = s.plus(report.suspensions());
                failures.addAll(report.failures());
                for (String failure : report.failures()) System.out.println(pace.label() + " FAIL " + failure);
            }
            System.out.println(pace.label() + ": " + assertions + " left " + left + " " + s + " in "
                    + (System.nanoTime() - began) / 1000000 + " ms");
        }
        assertThat(failures).hasSize(0);
    }
}
