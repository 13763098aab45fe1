// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.StoreOutcome;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.StoreClocks;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes a platform's call all the way to a durable answer.
 *
 * <p>The answer is 2xx only when every event of the call is stored (or was before). When any could
 * not be stored the whole call fails and the platform's repeat finds the stored ones as duplicates.
 */
public final class WebhookIntake {

  private final Vertx vertx;
  private final Channels channels;
  private final ConversationService conversations;
  private final StoreClocks clocks;
  private final IntakeGate gate;
  private final GatewayMetrics metrics;

  public WebhookIntake(
      Vertx vertx,
      Channels channels,
      ConversationService conversations,
      StoreClocks clocks,
      IntakeGate gate,
      GatewayMetrics metrics) {
    this.vertx = vertx;
    this.channels = channels;
    this.conversations = conversations;
    this.clocks = clocks;
    this.gate = gate;
    this.metrics = metrics;
  }

  /** Fails with {@link WebhookRejected} or {@link GatewayException}. */
  public Future<WebhookAnswer> accept(
      Workspace workspace, String channelId, WebhookRequest request) {
    if (!gate.isOpen()) {
      metrics.intake(workspace.id(), channelId, "refused");
      return Future.failedFuture(gate.refusal());
    }
    Channels.Channel channel = channels.find(workspace.id(), channelId);
    if (channel == null) {
      return Future.failedFuture(unknownChannel());
    }
    return understood(channel, request)
        .onFailure(rejected -> metrics.intake(workspace.id(), channelId, "rejected"))
        .compose(decoded -> stored(workspace, channel, decoded));
  }

  /**
   * Stores events that did not come by webhook (a visitor's socket). One result per event; fails
   * with NOT_FOUND when the channel is no longer configured.
   */
  public Future<List<Received>> receive(
      Workspace workspace, String channelId, List<InboundEvent> events) {
    return channels.find(workspace.id(), channelId) == null
        ? Future.failedFuture(unknownChannel())
        : store(workspace, channelId, events);
  }

  private static GatewayException unknownChannel() {
    return new GatewayException(
        GatewayException.Kind.NOT_FOUND, "unknown-channel", "no such channel");
  }

  private Future<List<Received>> store(
      Workspace workspace, String channelId, List<InboundEvent> events) {
    if (!gate.isOpen() && !events.isEmpty()) {
      metrics.intake(workspace.id(), channelId, "refused");
      return Future.failedFuture(gate.refusal());
    }
    Map<ContactKey, List<InboundEvent>> byContact = new LinkedHashMap<>();
    for (InboundEvent event : events) {
      byContact
          .computeIfAbsent(
              new ContactKey(channelId, event.contact().externalId(), event.thread()),
              contact -> new ArrayList<>())
          .add(event);
    }
    List<Future<List<Received>>> stored = new ArrayList<>();
    byContact.forEach(
        (contact, theirs) -> stored.add(conversations.receive(workspace, contact, theirs)));
    return Future.join(stored)
        .map(all -> stored.stream().flatMap(one -> one.result().stream()).toList())
        .onComplete(done -> stored.forEach(one -> count(workspace.id(), channelId, one)));
  }

  private Future<Decoded> understood(Channels.Channel channel, WebhookRequest request) {
    if (channel.connector().isHeavy(request)) {
      return vertx.executeBlocking(() -> decode(channel, request), false);
    }
    try {
      return Future.succeededFuture(decode(channel, request));
    } catch (WebhookRejected e) {
      return Future.failedFuture(e);
    }
  }

  private Decoded decode(Channels.Channel channel, WebhookRequest request) throws WebhookRejected {
    Instant now = clocks.clock(channel.workspace()).now();
    channel.connector().verify(request, now);
    return channel.connector().decode(request, now);
  }

  private Future<WebhookAnswer> stored(
      Workspace workspace, Channels.Channel channel, Decoded decoded) {
    decoded.rejections().forEach(one -> metrics.intake(workspace.id(), channel.id(), "rejected"));
    if (decoded.events().isEmpty()) {
      if (decoded.ignored() > 0) {
        metrics.intake(workspace.id(), channel.id(), "ignored");
      }
      return Future.succeededFuture(
          channel.connector().answer(decoded, new StoreOutcome(0, 0, decoded.ignored())));
    }
    return store(workspace, channel.id(), decoded.events())
        .map(all -> channel.connector().answer(decoded, outcome(decoded, all)));
  }

  private static StoreOutcome outcome(Decoded decoded, List<Received> all) {
    int duplicates = 0;
    int ignored = decoded.ignored();
    for (Received one : all) {
      duplicates += one.kind() == Received.Kind.DUPLICATE ? 1 : 0;
      ignored += one.kind() == Received.Kind.IGNORED ? 1 : 0;
    }
    return new StoreOutcome(all.size() - duplicates, duplicates, ignored);
  }

  private void count(String workspace, String channel, Future<List<Received>> one) {
    if (one.failed()) {
      metrics.intake(workspace, channel, "failed");
      return;
    }
    for (Received event : one.result()) {
      metrics.intake(workspace, channel, event.kind().name().toLowerCase(Locale.ROOT));
    }
  }
}
