// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What was seen in one second; a figure that could not be had is NaN. The gateway is the one that
 * lives throughout.
 *
 * @param second since the beginning of the load
 * @param accepted messages a second
 * @param p99Millis from the plan until accepted
 * @param heap after all of it was collected, bytes; NaN unless it was asked for
 * @param direct buffers outside of the heap, bytes
 * @param resident memory of the process, bytes
 * @param descriptors open files and connections, those of clients apart
 * @param allDescriptors with them
 * @param usedMemory of Redis, bytes
 * @param dataset of that, without buffers and the table of keys
 * @param working of that, what retention and trimming keep at rest; seldom counted
 * @param appendOnlyFile bytes
 * @param conversations kept
 */
record Sample(
    double second,
    double accepted,
    double p99Millis,
    double heap,
    double direct,
    double resident,
    double descriptors,
    double allDescriptors,
    double usedMemory,
    double dataset,
    double working,
    double appendOnlyFile,
    double keys,
    double conversations) {

  static final String HEADER =
      "second,accepted,p99Millis,heapAfterCollection,direct,resident,descriptors,allDescriptors,"
          + "usedMemory,dataset,working,appendOnlyFile,keys,conversations";

  /** What is kept for a day and longer however well everything else is trimmed. */
  double promised() {
    return dataset - working;
  }

  /** A line below {@link #HEADER}. */
  String row() {
    StringBuilder row = new StringBuilder();
    for (double value :
        new double[] {
          second,
          accepted,
          p99Millis,
          heap,
          direct,
          resident,
          descriptors,
          allDescriptors,
          usedMemory,
          dataset,
          working,
          appendOnlyFile,
          keys,
          conversations
        }) {
      row.append(row.isEmpty() ? "" : ",");
      row.append(Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "");
    }
    return row.toString();
  }

  /** One figure of all samples between two times. */
  static List<Trend.Point> points(
      List<Sample> samples, double from, double to, ToDoubleFunction<Sample> figure) {
    return samples.stream()
        .filter(sample -> sample.second() >= from && sample.second() <= to)
        .map(sample -> new Trend.Point(sample.second(), figure.applyAsDouble(sample)))
        .toList();
  }
}
