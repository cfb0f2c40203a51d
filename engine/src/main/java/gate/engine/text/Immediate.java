// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// What follows an instruction's mnemonic. Core specification, 6.5 "Instructions".
enum Immediate {
    NONE,
    /// `block` and `loop`: a label and a type; more instructions follow, up to `end`.
    BLOCK,
    /// `if`, like a block with two parts.
    IF,
    ELSE,
    END,
    LABEL,
    /// `br_table`: labels, the last one the default.
    LABELS,
    FUNCTION,
    TYPE,
    /// A table, zero if not written, and the type of the function in it.
    CALL_INDIRECT,
    SELECT,
    LOCAL,
    GLOBAL,
    /// A table, zero if not written.
    TABLE,
    /// Destination and source; either none or both are written.
    TABLE_PAIR,
    /// `table.init`: a table, zero if not written, and an element segment.
    TABLE_AND_ELEMENT,
    ELEMENT,
    /// A load or store: memory, `offset=`, `align=`, all of which may be left out.
    MEMORY_ACCESS,
    /// A memory, zero if not written.
    MEMORY,
    MEMORY_PAIR,
    /// `memory.init`: a memory, zero if not written, and a data segment.
    MEMORY_AND_DATA,
    DATA,
    I32,
    I64,
    F32,
    F64,
    HEAP_TYPE
}
