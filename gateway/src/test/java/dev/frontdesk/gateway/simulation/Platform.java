// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A platform that is sent to: takes, refuses, is slow, loses answers, and reports receipts. Keeps
 * what it took, as the customer would see it.
 */
final class Platform implements Connector {

  private final World world;
  private final String channel;
  private final boolean deduplicates;
  private final Duration patience;
  private Consumer<InboundEvent> receipts = event -> {};

  /** What was taken: id of our message → times a customer sees it. */
  final Map<String, Integer> taken = new HashMap<>();

  private final Map<String, Integer> lastSeq = new HashMap<>();
  private final Map<String, Instant> busyUntil = new HashMap<>();
  int sends;

  Platform(World world, String channel, boolean deduplicates) {
    this.world = world;
    this.channel = channel;
    this.deduplicates = deduplicates;
    this.patience = world.workspace.config().outbox().sendTimeout();
  }

  void receipts(Consumer<InboundEvent> to) {
    receipts = to;
  }

  @Override
  public void verify(WebhookRequest request, Instant now) {
    throw new UnsupportedOperationException("events come decoded");
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) {
    throw new UnsupportedOperationException("events come decoded");
  }

  @Override
  public boolean deduplicatesSends() {
    return deduplicates;
  }

  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    sends++;
    Instant at = world.time.now();
    int seq = Integer.parseInt(message.id().substring(message.id().lastIndexOf('.') + 1));
    alone(message, at);
    int dice = world.random.nextInt(100);
    boolean slow = world.faults.has(Faults.Kind.SLOW_PLATFORMS);
    Duration answer = slow && dice < 30 ? world.between(1_000, 9_000) : world.between(5, 300);
    world.trail.add(channel, "is sent " + message.id() + ", answers in " + answer.toMillis());
    busyUntil.put(message.conversation(), at.plus(min(answer, patience)));
    SendResult result = result(dice, slow);
    if (result instanceof SendResult.Accepted || result instanceof SendResult.Unknown) {
      take(message, seq, result);
    }
    Promise<SendResult> told = Promise.promise();
    world.later(answer, () -> told.complete(result));
    return told.future();
  }

  /** One in flight per conversation; a sender that died counts until its own deadline. */
  private void alone(OutboundMessage message, Instant at) {
    Instant busy = busyUntil.getOrDefault(message.conversation(), Instant.MIN);
    if (busy.isAfter(at)) {
      throw fail("two sends at once: " + message.id() + " while busy until " + busy);
    }
  }

  private AssertionError fail(String what) {
    AssertionError error = new AssertionError(what);
    world.fail(error);
    return error;
  }

  private SendResult result(int dice, boolean slow) {
    if (!slow || dice >= 50) {
      return dice == 99
          ? new SendResult.Rejected(SendResult.Cause.RECIPIENT, "blocked", "blocked us")
          : new SendResult.Accepted(world.name("ext"));
    }
    return switch (dice % 5) {
      case 0 -> new SendResult.Retry("overloaded", null);
      case 1 -> new SendResult.Retry("quota", Duration.ofMillis(700));
      case 2 -> new SendResult.Unknown("connection ended");
      case 3 -> new SendResult.Rejected(SendResult.Cause.CONTENT, "bad", "refused");
      default -> new SendResult.Accepted(world.name("ext"));
    };
  }

  private void take(OutboundMessage message, int seq, SendResult result) {
    int times = taken.merge(message.id(), 1, Integer::sum);
    if (times > 1) {
      if (!deduplicates) {
        throw fail("sent twice to a platform that does not deduplicate: " + message.id());
      }
      return;
    }
    Integer last = lastSeq.put(message.conversation(), seq);
    if (last != null && last > seq) {
      throw fail("out of order: " + message.id() + " after " + last);
    }
    if (result instanceof SendResult.Accepted accepted && accepted.externalId() != null) {
      report(message, accepted.externalId());
    }
  }

  /** Receipts in any order, the first perhaps before we know the message's name. */
  private void report(OutboundMessage message, String external) {
    if (!world.chance(0.6)) {
      return;
    }
    boolean early = world.faults.has(Faults.Kind.REORDERING);
    DeliveryStatus last = world.chance(0.05) ? DeliveryStatus.FAILED : DeliveryStatus.READ;
    for (DeliveryStatus status : new DeliveryStatus[] {DeliveryStatus.DELIVERED, last}) {
      world.later(
          early ? world.between(0, 2_000) : world.between(400, 2_000),
          () ->
              receipts.accept(
                  new InboundEvent.Receipt(
                      external + status.label(),
                      message.contact(),
                      message.thread(),
                      world.time.now(),
                      external,
                      status,
                      status == DeliveryStatus.FAILED ? "unreachable" : null)));
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
