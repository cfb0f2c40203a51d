// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Identifiers of the text, as the custom section `name`, so that errors and stack traces can use them.
///
/// Core specification, appendix "Custom Sections", "Name Section"; numbers 4 to 9 from the proposal "extended name
/// section".
final class NameSection {
    private static final int CUSTOM = 0;
    private static final int MODULE = 0;
    private static final int FUNCTIONS = 1;
    private static final int LOCALS = 2;
    private static final int TYPES = 4;
    private static final int TABLES = 5;
    private static final int MEMORIES = 6;
    private static final int GLOBALS = 7;
    private static final int ELEMENTS = 8;
    private static final int DATA = 9;

    private final ModuleContext context;
    private @Nullable String moduleName;
    private final ByteOutput locals = new ByteOutput();
    private int functionsWithLocals;

    NameSection(ModuleContext context) {
        this.context = context;
    }

    void nameModule(@Nullable String name) {
        moduleName = name;
    }

    /// Adds the locals of a function; functions come in the order of their indices.
    void addLocals(int function, IndexSpace functionLocals) {
        if (!functionLocals.names().isEmpty()) {
            functionsWithLocals++;
            locals.writeUnsigned(function);
            writeMap(functionLocals.names(), locals);
        }
    }

    void writeTo(ByteOutput module) {
        ByteOutput section = new ByteOutput();
        section.writeName("name");
        int empty = section.size();
        if (moduleName != null) {
            ByteOutput content = new ByteOutput();
            content.writeName(moduleName);
            writeSubsection(MODULE, content, section);
        }
        writeSpace(FUNCTIONS, context.functions, section);
        if (functionsWithLocals > 0) {
            ByteOutput content = new ByteOutput();
            content.writeUnsigned(functionsWithLocals);
            content.moveTail(locals, 0);
            writeSubsection(LOCALS, content, section);
        }
        writeSpace(TYPES, context.typeNames, section);
        writeSpace(TABLES, context.tables, section);
        writeSpace(MEMORIES, context.memories, section);
        writeSpace(GLOBALS, context.globals, section);
        writeSpace(ELEMENTS, context.elements, section);
        writeSpace(DATA, context.data, section);
        if (section.size() > empty) {
            module.writeByte(CUSTOM);
            module.moveSized(section);
        }
    }

    private static void writeSpace(int id, IndexSpace space, ByteOutput section) {
        if (!space.names().isEmpty()) {
            ByteOutput content = new ByteOutput();
            writeMap(space.names(), content);
            writeSubsection(id, content, section);
        }
    }

    private static void writeSubsection(int id, ByteOutput content, ByteOutput section) {
        section.writeByte(id);
        section.moveSized(content);
    }

    private static void writeMap(Map<String, Integer> names, ByteOutput output) {
        output.writeUnsigned(names.size());
        names.forEach((name, index) -> {
            output.writeUnsigned(index);
            output.writeName(name);
        });
    }
}
