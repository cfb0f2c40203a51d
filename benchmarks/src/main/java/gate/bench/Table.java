// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Numbers with headings.
///
/// @param rows a `String`, `Long` or `Double` for each column
public record Table(String title, List<String> columns, List<List<Object>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of \"" + title + "\" has " + row.size() + " cells");
            }
        }
    }

    /// A number as people read it: three digits that count, thousands apart.
    static String show(Object cell) {
        return switch (cell) {
            case Long number -> String.format(Locale.ROOT, "%,d", number);
            case Double number when Double.isNaN(number) -> "–";
            case Double number -> {
                double size = Math.abs(number);
                String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
                yield String.format(Locale.ROOT, format, number);
            }
            default -> cell.toString();
        };
    }

    List<List<String>> shown() {
        return rows.stream().map(row -> row.stream().map(Table::show).toList()).toList();
    }

    boolean isNumeric(int column) {
        return rows.stream().anyMatch(row -> row.get(column) instanceof Number);
    }

    /// Collects the rows of a table.
    public static final class Builder {
        private final String title;
        private final List<String> columns;
        private final List<List<Object>> rows = new ArrayList<>();

        public Builder(String title, String... columns) {
            this.title = title;
            this.columns = List.of(columns);
        }

        public Builder row(Object... cells) {
            rows.add(List.of(cells));
            return this;
        }

        public Table build() {
            return new Table(title, columns, rows);
        }
    }
}
