// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a gateway's {@code /metrics} (Prometheus text). */
public final class Metrics {

  private final List<String> lines;

  private Metrics(List<String> lines) {
    this.lines = lines;
  }

  public static Metrics read(URI management) {
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(management.resolve("/metrics"))
                      .timeout(Duration.ofSeconds(10))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return new Metrics(response.body().lines().toList());
    } catch (IOException e) {
      throw new IllegalStateException("no metrics at " + management, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The sum of all series of a metric whose labels contain every given text. */
  public double sum(String name, String... labels) {
    double sum = 0;
    for (String line : lines) {
      if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
        boolean all = true;
        for (String label : labels) {
          all &= line.contains(label);
        }
        sum += all ? Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)) : 0;
      }
    }
    return sum;
  }

  /** Upper bound of the bucket that holds a quantile of a histogram, over all its series. */
  public double quantile(String histogram, double quantile) {
    List<double[]> buckets = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(histogram + "_bucket{")) {
        int at = line.indexOf("le=\"") + 4;
        String bound = line.substring(at, line.indexOf('"', at));
        double upper = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        double count = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        boolean added = false;
        for (double[] bucket : buckets) {
          if (bucket[0] == upper) {
            bucket[1] += count;
            added = true;
          }
        }
        if (!added) {
          buckets.add(new double[] {upper, count});
        }
      }
    }
    buckets.sort(java.util.Comparator.comparingDouble(b -> b[0]));
    double total = buckets.isEmpty() ? 0 : buckets.get(buckets.size() - 1)[1];
    for (double[] bucket : buckets) {
      if (bucket[1] >= total * quantile) {
        return bucket[0];
      }
    }
    return Double.NaN;
  }
}
