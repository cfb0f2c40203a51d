// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// What a module may ask for, each checked before memory is allocated for it. `docs/limits.md` lists them with their
/// reasons. Counts are totals of the module, imports included, unless said otherwise.
///
/// @param moduleBytes size of the module
/// @param sections sections, custom ones included
/// @param types entries of the type section
/// @param imports entries of the import section
/// @param functions functions
/// @param tables tables
/// @param memories memories
/// @param globals globals
/// @param exports entries of the export section
/// @param elementSegments element segments
/// @param dataSegments data segments
/// @param elements elements of all element segments together
/// @param parameters parameters, or results, of one function or block type
/// @param locals parameters and locals of one function, and its groups of no locals
/// @param functionBytes size of one function's body
/// @param operands height of one function's operand stack, in slots
/// @param nesting blocks open at once in one function
public record Limits(
        int moduleBytes,
        int sections,
        int types,
        int imports,
        int functions,
        int tables,
        int memories,
        int globals,
        int exports,
        int elementSegments,
        int dataSegments,
        int elements,
        int parameters,
        int locals,
        int functionBytes,
        int operands,
        int nesting) {
    /// Those of the JavaScript embedding where it has one, so that what runs in browsers runs here.
    public static final Limits DEFAULT = new Limits(
            1 << 30,
            10_000,
            1_000_000,
            100_000,
            1_000_000,
            100_000,
            100,
            1_000_000,
            1_000_000,
            100_000,
            100_000,
            10_000_000,
            1_000,
            50_000,
            7_654_321,
            1_000_000,
            1_000_000);
}
