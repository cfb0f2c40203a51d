// SPDX-License-Identifier: Apache-2.0
package gate.tests.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.StoreOptions;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Limits;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/limits.md` lists every limit with its value, and nothing else.
final class LimitsDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z0-9_]+)` \\| ([0-9,]+) \\|");

    /// The records whose numbers are limits, by their defaults.
    private static final List<Record> RECORDS = List.of(Limits.DEFAULT, StoreOptions.DEFAULT, TextLimits.defaults());

    /// The class that has limits only.
    private static final String CONSTANTS_ONLY = "WasiLimits";

    private static final Pattern CONSTANT = Pattern.compile("(?m)^ +[a-z ]*static final (?:int|long) ([A-Z0-9_]+) =");

    private static final Pattern GUESTS_REACH =
            Pattern.compile("(contract|engine|executor|server|app)/.*src/main/java/.*");

    private static final Map<String, String> NOT_LIMITS = Repository.exceptions("not-limits.txt");

    /// A constant of the sources that is a limit by its name or its class.
    private record Constant(String file, String name) {
        String simpleClass() {
            return file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
        }

        String key() {
            return simpleClass() + "." + name;
        }

        long value() throws ReflectiveOperationException {
            String path = file.substring(file.indexOf("src/main/java/") + "src/main/java/".length());
            Class<?> owner = Class.forName(
                    path.substring(0, path.length() - ".java".length()).replace('/', '.'));
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return ((Number) field.get(null)).longValue();
        }
    }

    private static List<Constant> constants() {
        List<Constant> found = new ArrayList<>();
        for (String file : Repository.javaFiles()) {
            if (GUESTS_REACH.matcher(file).matches()) {
                for (MatchResult match :
                        CONSTANT.matcher(Repository.text(file)).results().toList()) {
                    Constant constant = new Constant(file, match.group(1));
                    if (constant.name.endsWith("_MAX") || constant.simpleClass().equals(CONSTANTS_ONLY)) {
                        found.add(constant);
                    }
                }
            }
        }
        return found;
    }

    @Test
    void everyLimitIsListedWithItsValueAndNothingElse() throws ReflectiveOperationException {
        Map<String, Long> limits = new TreeMap<>();
        for (Record limitsOf : RECORDS) {
            for (RecordComponent component : limitsOf.getClass().getRecordComponents()) {
                if (component.getAccessor().invoke(limitsOf) instanceof Integer value) {
                    assertThat(limits.put(component.getName(), value.longValue()))
                            .isNull();
                }
            }
        }
        for (Constant constant : constants()) {
            if (!NOT_LIMITS.containsKey(constant.key())) {
                assertThat(limits.put(constant.name, constant.value()))
                        .as("%s: limits have names of their own", constant)
                        .isNull();
            }
        }
        Map<String, Long> documented = new TreeMap<>();
        for (MatchResult row :
                ROW.matcher(Repository.text("docs/limits.md")).results().toList()) {
            long value = Long.parseLong(row.group(2).replace(",", ""));
            assertThat(documented.put(row.group(1), value))
                    .as("%s is there twice", row.group(1))
                    .isNull();
        }
        assertThat(documented).isEqualTo(limits);
    }

    @Test
    void whatIsNoLimitExists() {
        Set<String> keys = new TreeSet<>();
        constants().forEach(constant -> keys.add(constant.key()));
        assertThat(keys).containsAll(NOT_LIMITS.keySet());
    }

    /// So that a new class of limits is listed too; `StorageLimits` is what the specification calls "limits".
    @Test
    void limitsAreInTheClassesThatThisTestKnows() {
        assertThat(Repository.javaFiles().stream()
                        .filter(name -> name.contains("/src/main/") && name.endsWith("Limits.java"))
                        .map(name -> name.substring(name.lastIndexOf('/') + 1))
                        .toList())
                .containsExactlyInAnyOrder(
                        "Limits.java",
                        "TextLimits.java",
                        CONSTANTS_ONLY + ".java",
                        "GrpcLimits.java",
                        "InstanceLimits.java",
                        "StorageLimits.java");
    }
}
