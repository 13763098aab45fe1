// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.Lookout;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Acknowledgement;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.report.QueuePace;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.ext.web.client.WebClient;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks the workspace's classifier about a message that opens a conversation, and looks up the place
 * in the queue where the channel's acknowledgement tells it. Where neither is configured nothing is
 * asked. Thread-safe.
 */
public final class OpeningLookout implements Lookout {

  private final Store store;
  private final QueuePace pace;
  private final WebClient client;
  private final Scheduler scheduler;
  private final GatewayMetrics metrics;
  private final Map<String, OutsideClassifier> classifiers = new ConcurrentHashMap<>();

  /**
   * A lookout.
   *
   * @param client for the classifiers' addresses; its owner closes it
   */
  public OpeningLookout(
      Store store, QueuePace pace, WebClient client, Scheduler scheduler, GatewayMetrics metrics) {
    this.store = store;
    this.pace = pace;
    this.client = client;
    this.scheduler = scheduler;
    this.metrics = metrics;
  }

  @Override
  public boolean looks(Workspace workspace, String channel) {
    return workspace.config().classifier() != null || tellsPlace(workspace, channel);
  }

  @Override
  public boolean tellsPlace(Workspace workspace, String channel) {
    Terms.Channel found = workspace.terms().channels().get(channel);
    Acknowledgement acknowledgement = found == null ? null : found.acknowledgement();
    return acknowledgement != null && acknowledgement.tellsPlace();
  }

  @Override
  public Future<Surroundings> beforeOpening(
      Workspace workspace, ContactKey contact, InboundEvent.Received message) {
    Instant now = store.clock().now();
    Triage.Subject subject = workspace.rules().subject(contact, message, now);
    return advice(workspace, message, subject, now)
        .compose(
            advice ->
                tellsPlace(workspace, contact.channel())
                    ? place(
                        workspace,
                        workspace.terms().triage().explain(subject, advice).triage(),
                        advice)
                    : Future.succeededFuture(new Surroundings(advice, null, null)));
  }

  @Override
  public Future<Surroundings> beforeQueueing(Workspace workspace, Triage triage) {
    return place(workspace, triage, null);
  }

  private Future<Triage.@Nullable Advice> advice(
      Workspace workspace, InboundEvent.Received message, Triage.Subject subject, Instant now) {
    FrontdeskConfig.Classifier configured = workspace.config().classifier();
    if (configured == null) {
      return Future.succeededFuture(null);
    }
    String id = "cls_" + ContactKey.digestOf(subject.channel() + '\n' + message.key());
    return classifier(workspace.id(), configured)
        .ask(id, workspace.id(), subject, workspace.terms(), now);
  }

  /** The one that is configured now; a reload with other settings begins with a closed circuit. */
  private OutsideClassifier classifier(String workspace, FrontdeskConfig.Classifier configured) {
    OutsideClassifier present = classifiers.get(workspace);
    if (present != null && present.settings().equals(configured)) {
      return present;
    }
    return classifiers.compute(
        workspace,
        (id, known) ->
            known != null && known.settings().equals(configured)
                ? known
                : new OutsideClassifier(
                    configured,
                    client,
                    scheduler,
                    outcome ->
                        metrics.classified(workspace, outcome.name().toLowerCase(Locale.ROOT))));
  }

  private Future<Surroundings> place(
      Workspace workspace, Triage triage, Triage.@Nullable Advice advice) {
    return store
        .hashGet(workspace.keys().gauges(), triage.queue() + "|waiting")
        .map(waiting -> waiting == null ? 0 : Math.max(0, Long.parseLong(waiting)))
        .compose(
            ahead ->
                pace.estimateSeconds(workspace, triage.queue(), ahead)
                    .map(seconds -> new Surroundings(advice, ahead, seconds)));
  }
}
