// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.List;

/// A [Report] for a terminal.
final class ReportText {
    private ReportText() {}

    static String of(Report report, Machine machine) {
        StringBuilder text = new StringBuilder();
        text.append(report.name()).append(": ").append(report.sentence()).append('\n');
        text.append(machine.processor())
                .append(", ")
                .append(machine.cores())
                .append(" cores, ")
                .append(machine.jdk())
                .append(", commit ")
                .append(machine.commit())
                .append('\n');
        for (Table table : report.tables()) {
            text.append('\n').append(table.title()).append('\n');
            append(text, table);
        }
        if (!report.remarks().isEmpty()) {
            text.append('\n');
        }
        report.remarks().forEach(remark -> text.append("* ").append(remark).append('\n'));
        return text.append('\n').toString();
    }

    private static void append(StringBuilder text, Table table) {
        List<List<String>> rows = table.shown();
        int columns = table.columns().size();
        int[] widths = new int[columns];
        for (int i = 0; i < columns; i++) {
            widths[i] = table.columns().get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        line(text, table, table.columns(), widths);
        rows.forEach(row -> line(text, table, row, widths));
    }

    private static void line(StringBuilder text, Table table, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - cells.get(i).length());
            line.append("  ").append(table.isNumeric(i) ? space + cells.get(i) : cells.get(i) + space);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
