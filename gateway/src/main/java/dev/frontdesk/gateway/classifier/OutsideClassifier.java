// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One workspace's program that is asked about a message which opens a conversation: a signed POST,
 * answered with what a rule could set.
 *
 * <ol>
 *   <li>It takes {@code timeout} at most, and never fails: whatever goes wrong, there is no advice,
 *       and the outcome is counted.
 *   <li>After {@code failures} in a row it rests; above {@code inFlight} it is not asked.
 *   <li>Thread-safe; the future completes on the caller's context.
 * </ol>
 */
final class OutsideClassifier {

  private static final int OK = 200;

  private final FrontdeskConfig.Classifier settings;
  private final StandardWebhooks signatures;
  private final WebClient client;
  private final Scheduler scheduler;
  private final Consumer<Outcome> outcomes;
  private final Circuit circuit;
  private final AtomicInteger inFlight = new AtomicInteger();

  /** What came of a question. */
  enum Outcome {
    ANSWERED,
    TIMEOUT,
    FAILED,
    INVALID,
    RESTING,
    FULL
  }

  OutsideClassifier(
      FrontdeskConfig.Classifier settings,
      WebClient client,
      Scheduler scheduler,
      Consumer<Outcome> outcomes) {
    this.settings = settings;
    this.signatures = new StandardWebhooks(settings.secret());
    this.client = client;
    this.scheduler = scheduler;
    this.outcomes = outcomes;
    this.circuit = new Circuit(settings.failures(), settings.rest());
  }

  FrontdeskConfig.Classifier settings() {
    return settings;
  }

  /**
   * Asks about one message.
   *
   * @param id of the question, the same when the same message is asked about again
   */
  Future<Triage.@Nullable Advice> ask(
      String id, String workspace, Triage.Subject subject, Terms terms, Instant now) {
    if (!circuit.admits(now)) {
      return none(Outcome.RESTING);
    }
    if (inFlight.incrementAndGet() > settings.inFlight()) {
      inFlight.decrementAndGet();
      return none(Outcome.FULL);
    }
    Promise<Triage.@Nullable Advice> first = Promise.promise();
    Scheduler.Cancellable late =
        scheduler.after(
            settings.timeout(),
            () -> {
              if (first.tryComplete(null)) {
                failed(Outcome.TIMEOUT, now);
              }
            });
    sent(id, workspace, subject, now)
        .onComplete(
            done -> {
              inFlight.decrementAndGet();
              late.cancel();
              if (!first.future().isComplete()) {
                first.tryComplete(
                    done.succeeded() ? read(done.result(), terms, now) : failure(now));
              }
            });
    return first.future();
  }

  private Future<HttpResponse<Buffer>> sent(
      String id, String workspace, Triage.Subject subject, Instant now) {
    Buffer body = Buffer.buffer(question(workspace, subject).toString());
    return client
        .postAbs(settings.url())
        .followRedirects(false)
        .timeout(settings.timeout().toMillis())
        .putHeader("content-type", "application/json")
        .putHeader(StandardWebhooks.ID, id)
        .putHeader(StandardWebhooks.TIMESTAMP, StandardWebhooks.timestamp(now))
        .putHeader(StandardWebhooks.SIGNATURE, signatures.sign(id, now, body))
        .sendBuffer(body);
  }

  private static ObjectNode question(String workspace, Triage.Subject subject) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "conversation.classify")
            .put("workspace", workspace);
    json.putObject("channel")
        .put("id", subject.channel())
        .put("connector", subject.connector())
        .put("family", subject.family());
    json.putObject("contact").put("id", subject.contact()).put("name", subject.contactName());
    json.putObject("customer").put("tier", subject.tier());
    json.putObject("message")
        .put("kind", subject.kind())
        .put("text", subject.text())
        .put("language", subject.language());
    return json;
  }

  private Triage.@Nullable Advice read(HttpResponse<Buffer> response, Terms terms, Instant now) {
    if (response.statusCode() != OK || response.body() == null) {
      return failure(now);
    }
    try {
      Triage.Advice advice = AdviceReader.read(response.body(), terms);
      circuit.answered();
      outcomes.accept(Outcome.ANSWERED);
      return advice;
    } catch (WebhookRejected | IllegalArgumentException e) {
      return failed(Outcome.INVALID, now);
    }
  }

  private Triage.@Nullable Advice failure(Instant now) {
    return failed(Outcome.FAILED, now);
  }

  private Triage.@Nullable Advice failed(Outcome outcome, Instant now) {
    circuit.failed(now);
    outcomes.accept(outcome);
    return null;
  }

  private Future<Triage.@Nullable Advice> none(Outcome outcome) {
    outcomes.accept(outcome);
    return Future.succeededFuture(null);
  }
}
