// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Draws a [Plot] as SVG.
final class PlotSvg {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = 170;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int TICKS = 6;
    private static final List<String> COLOURS =
            List.of("#1b6ca8", "#d1495b", "#2e8b57", "#c98a00", "#7b4fa3", "#3a3a3a", "#00939b", "#a35200");

    /// One axis: values to pixels.
    private record Axis(double low, double high, boolean logarithmic, int from, int to) {
        double at(double value) {
            double share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
            return from + share * (to - from);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            if (logarithmic) {
                double factor = high / low > 1e7 ? 100 : high / low > 50 ? 10 : 2;
                for (double tick = low; tick <= high * 1.001; tick *= factor) {
                    ticks.add(tick);
                }
                return ticks;
            }
            double step = niceStep((high - low) / TICKS);
            for (double tick = low; tick <= high + step / 1000; tick += step) {
                ticks.add(tick);
            }
            return ticks;
        }
    }

    private PlotSvg() {}

    static String of(Plot plot) {
        Axis x = axis(plot, Plot.Point::x, plot.logarithmicX(), LEFT, WIDTH - RIGHT);
        Axis y = axis(plot, Plot.Point::y, plot.logarithmicY(), HEIGHT - BOTTOM, TOP);
        StringBuilder svg = new StringBuilder(4096);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        text(svg, LEFT, TOP - 24, "start", "15", plot.title());
        for (double tick : x.ticks()) {
            line(svg, x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM);
            text(svg, x.at(tick), HEIGHT - BOTTOM + 18, "middle", "12", label(tick));
        }
        for (double tick : y.ticks()) {
            line(svg, LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
            text(svg, LEFT - 6, y.at(tick) + 4, "end", "12", label(tick));
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 18, "middle", "12", plot.xLabel());
        text(svg, LEFT, TOP - 8, "end", "12", plot.yLabel());
        for (int i = 0; i < plot.series().size(); i++) {
            series(svg, plot.series().get(i), x, y, i);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void series(StringBuilder svg, Plot.Series series, Axis x, Axis y, int index) {
        String colour = COLOURS.get(index % COLOURS.size());
        svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (Plot.Point point : series.points()) {
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(point.x()), y.at(point.y())));
        }
        svg.append("\"/>\n");
        int at = TOP + 10 + index * 18;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"3\" fill=\"%s\"/>%n",
                WIDTH - RIGHT + 10,
                at - 5,
                colour));
        text(svg, WIDTH - RIGHT + 28, at, "start", "12", series.name());
    }

    private static Axis axis(Plot plot, ToDoubleFunction<Plot.Point> value, boolean logarithmic, int from, int to) {
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (Plot.Series series : plot.series()) {
            for (Plot.Point point : series.points()) {
                low = Math.min(low, value.applyAsDouble(point));
                high = Math.max(high, value.applyAsDouble(point));
            }
        }
        if (logarithmic) {
            double lowest = Math.pow(10, Math.floor(Math.log10(low)));
            return new Axis(lowest, Math.max(high, lowest * 10), true, from, to);
        }
        double base = Math.min(0, low);
        return new Axis(base, high > base ? high : base + 1, false, from, to);
    }

    private static double niceStep(double step) {
        double unit = Math.pow(10, Math.floor(Math.log10(step)));
        double digits = step / unit;
        return unit * (digits > 5 ? 10 : digits > 2 ? 5 : digits > 1 ? 2 : 1);
    }

    private static String label(double value) {
        if (value >= 10_000_000) {
            return String.format(Locale.ROOT, "%.0f M", value / 1e6);
        }
        if (value >= 10_000) {
            return String.format(Locale.ROOT, "%.0f k", value / 1e3);
        }
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String size, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                size,
                escaped));
    }
}
