// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import dev.frontdesk.config.CustomerSettings;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.Lookout;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Acknowledgement;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Surroundings.Looked;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks the workspace's classifier about a message that opens a conversation, and its lookup about
 * the contact, both at once; looks up the place in the queue where the channel's acknowledgement
 * tells it. Where none is configured nothing is asked. Thread-safe.
 */
public final class OpeningLookout implements Lookout {

  private final Store store;
  private final QueuePace pace;
  private final WebClient client;
  private final Scheduler scheduler;
  private final GatewayMetrics metrics;
  private final Predicate<Workspace> hasCustomers;
  private final Map<String, OutsideClassifier> classifiers = new ConcurrentHashMap<>();
  private final Map<String, CustomerLookup> lookups = new ConcurrentHashMap<>();

  /**
   * A lookout.
   *
   * @param client for the addresses of classifiers and lookups; its owner closes it
   * @param hasCustomers whether the workspace has customers of its own; asked at each opening
   */
  public OpeningLookout(
      Store store,
      QueuePace pace,
      WebClient client,
      Scheduler scheduler,
      GatewayMetrics metrics,
      Predicate<Workspace> hasCustomers) {
    this.hasCustomers = hasCustomers;
    this.store = store;
    this.pace = pace;
    this.client = client;
    this.scheduler = scheduler;
    this.metrics = metrics;
  }

  @Override
  public boolean looks(Workspace workspace, String channel) {
    return workspace.config().classifier() != null
        || tellsPlace(workspace, channel)
        || knowsCustomers(workspace);
  }

  @Override
  public boolean knowsCustomers(Workspace workspace) {
    return lookup(workspace) != null || hasCustomers.test(workspace);
  }

  private static CustomerSettings.@Nullable Lookup lookup(Workspace workspace) {
    CustomerSettings customers = workspace.config().customers();
    return customers == null ? null : customers.lookup();
  }

  @Override
  public boolean tellsPlace(Workspace workspace, String channel) {
    Terms.Channel found = workspace.terms().channels().get(channel);
    Acknowledgement acknowledgement = found == null ? null : found.acknowledgement();
    return acknowledgement != null && acknowledgement.tellsPlace();
  }

  @Override
  public Future<Surroundings> beforeOpening(
      Workspace workspace, ContactKey contact, InboundEvent.Received message, Known known) {
    Instant now = store.clock(workspace.id()).now();
    Triage.Subject before = workspace.rules().subject(contact, message, known.customer(), now);
    Future<Triage.@Nullable Advice> advice = advice(workspace, message, before, now);
    Future<@Nullable Looked> looked = looked(workspace, message, before, known, now);
    return Future.all(advice, looked)
        .compose(
            both -> {
              Looked fresh = looked.result();
              Customer customer =
                  fresh == null ? known.customer() : Customer.of(known.linked(), fresh.customer());
              Surroundings around =
                  new Surroundings(advice.result(), null, null, customer, fresh, null);
              if (!tellsPlace(workspace, contact.channel())) {
                return Future.succeededFuture(around);
              }
              Triage.Subject subject = workspace.rules().subject(contact, message, customer, now);
              return place(
                  workspace,
                  workspace.terms().triage().explain(subject, advice.result()).triage(),
                  around);
            });
  }

  /** Not asked about a contact whose tier an operator told, nor again for a while. */
  private Future<@Nullable Looked> looked(
      Workspace workspace,
      InboundEvent.Received message,
      Triage.Subject subject,
      Known known,
      Instant now) {
    CustomerSettings.Lookup configured = lookup(workspace);
    Customer linked = known.linked();
    if (configured == null || known.looked() != null || (linked != null && linked.tier() != null)) {
      return Future.succeededFuture(null);
    }
    String id = "cul_" + ContactKey.digestOf(subject.channel() + '\n' + message.key());
    return lookups
        .compute(
            workspace.id(),
            (name, present) ->
                present != null && present.settings().equals(configured)
                    ? present
                    : new CustomerLookup(
                        configured,
                        client,
                        scheduler,
                        outcome ->
                            metrics.lookedUp(
                                workspace.id(), outcome.name().toLowerCase(Locale.ROOT))))
        .ask(id, workspace.id(), subject, now);
  }

  @Override
  public Future<Surroundings> beforeQueueing(Workspace workspace, Triage triage) {
    return place(workspace, triage, Surroundings.UNKNOWN);
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

  private Future<Surroundings> place(Workspace workspace, Triage triage, Surroundings around) {
    return store
        .hashGet(workspace.keys().gauges(), triage.queue() + "|waiting")
        .map(waiting -> waiting == null ? 0 : Math.max(0, Long.parseLong(waiting)))
        .compose(
            ahead ->
                pace.estimateSeconds(workspace, triage.queue(), ahead)
                    .map(
                        seconds ->
                            new Surroundings(
                                around.advice(),
                                ahead,
                                seconds,
                                around.customer(),
                                around.looked(),
                                around.ownerAway())));
  }
}
