// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A [Report] for programs: one line of JSON.
final class ReportJson {
    private ReportJson() {}

    static String of(Report report, Machine machine) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", report.name());
        document.put("sentence", report.sentence());
        document.put("processor", machine.processor());
        document.put("cores", machine.cores());
        document.put("jdk", machine.jdk());
        document.put("commit", machine.commit());
        document.put("date", machine.date());
        List<Object> tables = new ArrayList<>();
        for (Table table : report.tables()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("title", table.title());
            entry.put("columns", table.columns());
            entry.put("rows", table.rows());
            tables.add(entry);
        }
        document.put("tables", tables);
        document.put("remarks", report.remarks());
        StringBuilder json = new StringBuilder();
        value(json, document);
        return json.append('\n').toString();
    }

    /// The depth is that of [#of], not of anything from outside.
    private static void value(StringBuilder json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.append(separator);
                    string(json, entry.getKey().toString());
                    json.append(':');
                    value(json, entry.getValue());
                    separator = ",";
                }
                json.append('}');
            }
            case List<?> list -> {
                json.append('[');
                String separator = "";
                for (Object element : list) {
                    json.append(separator);
                    value(json, element);
                    separator = ",";
                }
                json.append(']');
            }
            case Double number when !Double.isFinite(number) -> json.append("null");
            case Number number -> json.append(number);
            default -> string(json, value.toString());
        }
    }

    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
