// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.Metrics;
import java.util.Locale;

/**
 * How often a gateway decided on customer messages without loading their conversation.
 *
 * @param held runs of messages of a contact whose conversation it had committed last
 * @param fresh runs of messages of a contact that it did not know, who was new
 * @param stale runs for which one of these was wrong, so loaded after all
 * @param loaded runs for which nothing was guessed
 */
public record Recalls(long held, long fresh, long stale, long loaded) {

  private static final String NAME = "frontdesk_conversation_memory_total";

  /** Of a gateway since its start. */
  public static Recalls of(Metrics metrics) {
    return new Recalls(
        count(metrics, "held"),
        count(metrics, "new"),
        count(metrics, "stale"),
        count(metrics, "loaded"));
  }

  private static long count(Metrics metrics, String outcome) {
    return Math.round(metrics.sum(NAME, "outcome=\"" + outcome + "\""));
  }

  /** Since an earlier reading of the same gateway. */
  public Recalls since(Recalls before) {
    return new Recalls(
        held - before.held, fresh - before.fresh, stale - before.stale, loaded - before.loaded);
  }

  /** The share that needed no load, 0 to 1; 0 when nothing was counted. */
  public double hitRate() {
    long all = held + fresh + stale + loaded;
    return all == 0 ? 0 : (held + fresh) / (double) all;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "without a load %.1f %% (held %d, new %d; loaded: guessed wrong %d, not guessed %d);"
            + " bounded by the 20,000 conversations a node remembers and by other nodes' commits",
        hitRate() * 100,
        held,
        fresh,
        stale,
        loaded);
  }
}
