// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TrendTest {

  @Test
  void line_hasItsSlope_howeverItIsTaken() {
    List<Trend.Point> line = points(1_200, second -> 1_000 + second / 60);

    Trend trend = Trend.of(line);

    assertEquals(1 / 60.0, trend.slope(), 1e-9);
    assertEquals(1 / 60.0, trend.leastSquares(), 1e-9);
    assertEquals(10 / trend.mean() * 100, trend.percent(), 1e-9);
    assertEquals(trend.slope(), Trend.ofMedians(line, 30).slope(), 1e-9);
    assertEquals(trend.slope(), Trend.ofLowest(line, 30).slope(), 1e-9);
  }

  @Test
  void faults_doNotMoveTheMedianOfSlopes_butTheLeastSquares() {
    List<Trend.Point> spoilt =
        points(1_200, second -> 100 + (second > 1_000 && second < 1_100 ? 500 : 0));

    Trend trend = Trend.of(spoilt);

    assertEquals(0, trend.percent(), 1e-9);
    assertTrue(trend.leastSquaresPercent() > 10, "" + trend.leastSquaresPercent());
  }

  @Test
  void sawtooth_ofCollections_isFlat_byItsLowest_andGrowsByWhatStays() {
    List<Trend.Point> flat = points(1_200, second -> 50 + second % 37);
    List<Trend.Point> leak = points(1_200, second -> 50 + second % 37 + second / 200);

    assertEquals(0, Trend.ofLowest(flat, 40).percent(), 1e-9);
    assertEquals(1 / 200.0, Trend.ofLowest(leak, 40).slope(), 1e-3);
    assertTrue(Trend.ofLowest(leak, 40).percent() > 1, "a leak of 6 % in ten minutes shows");
  }

  @Test
  void slopes_ofRandomPoints_areThoseOfANaiveModel() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Trend.Point> points = new ArrayList<>();
      double at = 0;
      for (int i = 2 + random.nextInt(40); i > 0; i--) {
        at += 0.1 + random.nextDouble();
        boolean unknown = points.size() > 2 && random.nextInt(9) == 0;
        points.add(new Trend.Point(at, unknown ? Double.NaN : random.nextGaussian() * 100));
      }

      Trend trend = Trend.of(points);

      assertEquals(medianSlope(points), trend.slope(), 1e-9, "seed " + seed);
      assertEquals(leastSquares(points), trend.leastSquares(), 1e-6, "seed " + seed);
    }
  }

  @Test
  void fewerThanTwoPoints_haveNoSlope() {
    assertTrue(Double.isNaN(Trend.of(List.of()).percent()));
    assertTrue(Double.isNaN(Trend.of(List.of(new Trend.Point(1, 1))).slope()));
  }

  private static double medianSlope(List<Trend.Point> points) {
    List<Double> slopes = new ArrayList<>();
    for (Trend.Point a : points) {
      for (Trend.Point b : points) {
        if (a.second() < b.second() && !Double.isNaN(a.value()) && !Double.isNaN(b.value())) {
          slopes.add((b.value() - a.value()) / (b.second() - a.second()));
        }
      }
    }
    Collections.sort(slopes);
    int n = slopes.size();
    return (slopes.get(n / 2) + slopes.get((n - 1) / 2)) / 2;
  }

  /** The normal equations as they stand in a textbook. */
  private static double leastSquares(List<Trend.Point> points) {
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (Trend.Point point : points) {
      if (!Double.isNaN(point.value())) {
        n++;
        x += point.second();
        y += point.value();
        xx += point.second() * point.second();
        xy += point.second() * point.value();
      }
    }
    return (n * xy - x * y) / (n * xx - x * x);
  }

  private static List<Trend.Point> points(
      int seconds, java.util.function.DoubleUnaryOperator value) {
    List<Trend.Point> points = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      points.add(new Trend.Point(second, value.applyAsDouble(second)));
    }
    return points;
  }
}
