// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Whether a figure grows: values at times, put together by windows, and the slope through them. The
 * slope that is judged is the median of the slopes of all pairs (Theil and Sen): a fault may spoil
 * some windows, which the least squares follow and the median does not. Immutable; written by hand
 * because commons-math would be 2 MB for these lines.
 */
final class Trend {

  private static final double TEN_MINUTES = 600;

  private final double[] seconds;
  private final double[] values;

  private Trend(double[] seconds, double[] values) {
    this.seconds = seconds;
    this.values = values;
  }

  /** One value at a time, in seconds since the beginning. */
  record Point(double second, double value) {}

  /** Exactly these points; those without a number are left out. */
  static Trend of(List<Point> points) {
    List<Point> known = points.stream().filter(point -> Double.isFinite(point.value())).toList();
    return new Trend(
        known.stream().mapToDouble(Point::second).toArray(),
        known.stream().mapToDouble(Point::value).toArray());
  }

  /** One point for each window of so many seconds: the smallest value in it. */
  static Trend ofLowest(List<Point> points, double window) {
    return by(points, window, values -> Arrays.stream(values).min().orElse(Double.NaN));
  }

  /** One point for each window of so many seconds: the median of it. */
  static Trend ofMedians(List<Point> points, double window) {
    return by(points, window, Trend::median);
  }

  private static Trend by(List<Point> points, double window, ToDoubleFunction<double[]> one) {
    List<Point> all = new ArrayList<>();
    List<Point> known = points.stream().filter(point -> Double.isFinite(point.value())).toList();
    int at = 0;
    while (at < known.size()) {
      long number = (long) (known.get(at).second() / window);
      int end = at;
      while (end < known.size() && (long) (known.get(end).second() / window) == number) {
        end++;
      }
      double[] values = known.subList(at, end).stream().mapToDouble(Point::value).toArray();
      all.add(new Point((number + 0.5) * window, one.applyAsDouble(values)));
      at = end;
    }
    return of(all);
  }

  int size() {
    return values.length;
  }

  double mean() {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** Median of the slopes of all pairs, per second; NaN with fewer than two points. */
  double slope() {
    int n = values.length;
    double[] slopes = new double[n * (n - 1) / 2];
    int count = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[count++] = (values[j] - values[i]) / (seconds[j] - seconds[i]);
      }
    }
    return median(slopes);
  }

  /** Slope of the least squares, per second; NaN with fewer than two points. */
  double leastSquares() {
    double meanX = Arrays.stream(seconds).average().orElse(Double.NaN);
    double meanY = mean();
    double above = 0;
    double below = 0;
    for (int i = 0; i < values.length; i++) {
      above += (seconds[i] - meanX) * (values[i] - meanY);
      below += (seconds[i] - meanX) * (seconds[i] - meanX);
    }
    return below == 0 ? Double.NaN : above / below;
  }

  /** {@link #slope} in per cent of the mean per ten minutes. */
  double percent() {
    return percent(slope());
  }

  /** {@link #leastSquares} in per cent of the mean per ten minutes. */
  double leastSquaresPercent() {
    return percent(leastSquares());
  }

  private double percent(double perSecond) {
    return perSecond * TEN_MINUTES / mean() * 100;
  }

  static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
