// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.List;

/// What a benchmark found out.
///
/// @param name the benchmark's
/// @param sentence what was measured
/// @param remarks what a reader must know: what was left out, and how numbers were taken
public record Report(String name, String sentence, List<Table> tables, List<Plot> plots, List<String> remarks) {
    public Report {
        tables = List.copyOf(tables);
        plots = List.copyOf(plots);
        remarks = List.copyOf(remarks);
    }
}
