// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.List;

/// A picture of numbers: lines over two axes.
///
/// @param file its name without extension
/// @param logarithmicX whether equal distances are equal factors
public record Plot(
        String file,
        String title,
        String xLabel,
        String yLabel,
        boolean logarithmicX,
        boolean logarithmicY,
        List<Series> series) {
    public Plot {
        series = List.copyOf(series);
    }

    /// One line.
    public record Series(String name, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    public record Point(double x, double y) {}
}
