// SPDX-License-Identifier: Apache-2.0
package gate.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.api.Test;

/// HotSpot never compiles a method of more than 8,000 bytes of bytecode: the interpreter's loop beyond that is a
/// hundred times slower (decision 0013).
final class InterpreterSizeTest {
    private static final int COMPILED_MAX = 8_000;

    @Test
    void dispatchLoopIsSmallEnoughToBeCompiled() throws IOException {
        assertThat(codeLength("run")).isBetween(1_000, COMPILED_MAX - 1);
    }

    private static int codeLength(String method) throws IOException {
        try (InputStream in = Execution.class.getResourceAsStream("Interpreter.class")) {
            assertThat(in).isNotNull();
            ClassModel type = ClassFile.of().parse(in.readAllBytes());
            return type.methods().stream()
                    .filter(candidate -> candidate.methodName().equalsString(method))
                    .map(MethodModel::code)
                    .map(code -> ((CodeAttribute) code.orElseThrow()).codeLength())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
