// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.server.service.Registry;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegistryTest {
    private record Named(String name, String revision) implements Service {
        Named(String name) {
            this(name, "0");
        }

        @Override
        public ServiceInstance create(ServiceContext context, byte[] state) {
            throw new AssertionError();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "gate.computer/shell", "internal/test", "_x", "Ääkköset", "数", "a,b;c!", "1"})
    void possibleNames(String name) {
        Service service = new Named(name);
        assertThat(new Registry().register(service).find(name)).containsSame(service);
    }

    @Test
    void nameOf127BytesIsTheLongest() {
        String name = "ä".repeat(63) + "a";
        new Registry().register(new Named(name));
        assertThatThrownBy(() -> new Registry().register(new Named(name + "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a service's name has 1 to 127 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a\n", "a\0", "a+b", "e\u0301", "a$", "😀"})
    void namesOfOtherCharactersAreRefused(String name) {
        assertThatThrownBy(() -> new Registry().register(new Named(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a service's name has characters that aren't allowed");
    }

    @Test
    void emptyNameIsRefused() {
        assertThatThrownBy(() -> new Registry().register(new Named(""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void revisionsMayHaveMarksAndSymbolsToo() {
        new Registry().register(new Named("a", "1+2~e\u0301😀$"));
        assertThatThrownBy(() -> new Registry().register(new Named("a", "1 2")))
                .hasMessageStartingWith("a service's revision has characters");
        assertThatThrownBy(() -> new Registry().register(new Named("a", "")))
                .hasMessageStartingWith("a service's revision has 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-b", "gate.computer/x", "a:1", ".", "/x"})
    void namesOfOthersAreNoBuiltins(String name) {
        assertThatThrownBy(() -> new Registry().registerBuiltin(new Named(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a built-in service's name has no dash, dot or colon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin", "internal/test", "a/b-c.d:e"})
    void builtinNames(String name) {
        new Registry().registerBuiltin(new Named(name));
    }

    @Test
    void nameIsTakenOnce() {
        Registry registry = new Registry().register(new Named("a"));
        assertThatThrownBy(() -> registry.register(new Named("a", "2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are two services of the name 'a'");
    }

    @Test
    void childHasItsParentsServicesAndItsOwnInTheirPlace() {
        Service mine = new Named("b", "mine");
        Registry parent = new Registry().register(new Named("a")).register(new Named("b", "all's"));
        Registry child = parent.child().child().register(mine).register(new Named("c"));
        assertThat(child.find("b")).containsSame(mine);
        assertThat(child.find("a")).isPresent();
        assertThat(parent.find("c")).isEmpty();
        assertThat(parent.find("b").orElseThrow().revision()).isEqualTo("all's");
        assertThat(child.discoverable(ServiceContext.ANONYMOUS))
                .extracting(Service::revision)
                .containsExactly("0", "mine", "0");
    }

    @Test
    void listIsSortedByBytes() {
        Registry registry = new Registry();
        // U+FF5E comes before U+10330 in UTF-8, and after it in UTF-16.
        for (String name : List.of("z", "\ud800\udf30", "B", "a", "a/b", "\uff0f")) {
            registry.register(new Named(name));
        }
        assertThat(registry.discoverable(ServiceContext.ANONYMOUS))
                .extracting(Service::name)
                .containsExactly("B", "a", "a/b", "z", "\uff0f", "\ud800\udf30");
    }
}
