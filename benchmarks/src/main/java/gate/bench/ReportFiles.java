// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A [Report] as the files that are committed: Markdown, and SVG for its plots.
final class ReportFiles {
    private ReportFiles() {}

    static void write(Report report, Machine machine) throws IOException {
        Path folder = Machine.root().resolve("docs/bench");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(report.name() + ".md"), markdown(report, machine));
        for (Plot plot : report.plots()) {
            Files.writeString(folder.resolve(plot.file() + ".svg"), PlotSvg.of(plot));
        }
    }

    private static String markdown(Report report, Machine machine) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(report.name()).append("\n\n").append(report.sentence());
        text.append("\n\nWritten by `./bench ")
                .append(report.name())
                .append(" --save` on ")
                .append(machine.date());
        text.append(": ")
                .append(machine.processor())
                .append(", ")
                .append(machine.cores())
                .append(" cores, ");
        text.append(machine.jdk()).append(", commit ").append(machine.commit()).append(".\n");
        for (Table table : report.tables()) {
            text.append("\n## ").append(table.title()).append("\n\n");
            row(text, table.columns());
            text.append('|');
            for (int i = 0; i < table.columns().size(); i++) {
                text.append(table.isNumeric(i) ? "---:|" : "---|");
            }
            text.append('\n');
            table.shown().forEach(cells -> row(text, cells));
        }
        if (!report.remarks().isEmpty()) {
            text.append('\n');
            report.remarks().forEach(remark -> text.append("* ").append(remark).append('\n'));
        }
        for (Plot plot : report.plots()) {
            text.append("\n![")
                    .append(plot.title())
                    .append("](")
                    .append(plot.file())
                    .append(".svg)\n");
        }
        return text.toString();
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
