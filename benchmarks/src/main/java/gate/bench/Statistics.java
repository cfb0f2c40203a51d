// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.util.Arrays;

/// Summaries of measurements.
public final class Statistics {
    private Statistics() {}

    /// The value that `share` of the values don't exceed.
    public static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    public static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /// The geometric mean.
    public static double geomean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += Math.log(value);
        }
        return Math.exp(sum / values.length);
    }
}
