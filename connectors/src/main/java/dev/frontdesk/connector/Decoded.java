// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.util.List;

/**
 * What a webhook contained.
 *
 * @param events in the platform's order; empty for a valid call without anything to store
 * @param rejections parts of a batch that are malformed; the rest is processed all the same
 * @param ignored how many parts were understood and are of no interest (counted, answered 2xx)
 * @param answer what to answer when every event is stored; see {@link Connector#answer} for answers
 *     that depend on the outcome
 */
public record Decoded(
    List<InboundEvent> events, List<Rejection> rejections, int ignored, WebhookAnswer answer) {

  public Decoded {
    events = List.copyOf(events);
    rejections = List.copyOf(rejections);
  }

  /** A malformed part: its place in the batch (from 0) and what was wrong with it. */
  public record Rejection(int index, String reason) {}

  public static Decoded of(InboundEvent event) {
    return new Decoded(List.of(event), List.of(), 0, WebhookAnswer.OK);
  }

  public static Decoded of(List<? extends InboundEvent> events) {
    return new Decoded(List.copyOf(events), List.of(), 0, WebhookAnswer.OK);
  }

  /** A valid call that holds nothing to store. */
  public static Decoded nothing(WebhookAnswer answer) {
    return new Decoded(List.of(), List.of(), 1, answer);
  }

  public Decoded answering(WebhookAnswer other) {
    return new Decoded(events, rejections, ignored, other);
  }
}
