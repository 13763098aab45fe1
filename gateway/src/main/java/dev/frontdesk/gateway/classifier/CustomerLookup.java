// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.CustomerSettings;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.domain.Surroundings.Looked;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One workspace's program that is asked who a contact is: a signed POST, answered with a tier, a
 * name and attributes.
 *
 * <ol>
 *   <li>It takes {@code timeout} at most, and never fails: whatever goes wrong, nothing is known,
 *       and the outcome is counted.
 *   <li>After {@code failures} in a row it rests; above {@code inFlight} it is not asked.
 *   <li>Thread-safe; the future completes on the caller's context.
 * </ol>
 */
final class CustomerLookup {

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  private final CustomerSettings.Lookup settings;
  private final @Nullable StandardWebhooks signatures;
  private final WebClient client;
  private final Scheduler scheduler;
  private final Consumer<Outcome> outcomes;
  private final Circuit circuit;
  private final AtomicInteger inFlight = new AtomicInteger();

  /** What came of a question. */
  enum Outcome {
    FOUND,
    MISS,
    TIMEOUT,
    FAILED,
    INVALID,
    RESTING,
    FULL
  }

  CustomerLookup(
      CustomerSettings.Lookup settings,
      WebClient client,
      Scheduler scheduler,
      Consumer<Outcome> outcomes) {
    this.settings = settings;
    this.signatures = settings.secret() == null ? null : new StandardWebhooks(settings.secret());
    this.client = client;
    this.scheduler = scheduler;
    this.outcomes = outcomes;
    this.circuit = new Circuit(settings.failures(), settings.rest());
  }

  CustomerSettings.Lookup settings() {
    return settings;
  }

  /**
   * Asks about one contact; null when nothing can be said.
   *
   * @param id of the question, the same when it is asked again for the same message
   */
  Future<@Nullable Looked> ask(String id, String workspace, Triage.Subject subject, Instant now) {
    if (!circuit.admits(now)) {
      return none(Outcome.RESTING);
    }
    if (inFlight.incrementAndGet() > settings.inFlight()) {
      inFlight.decrementAndGet();
      return none(Outcome.FULL);
    }
    Promise<@Nullable Looked> first = Promise.promise();
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
                    done.succeeded() ? read(done.result(), now) : failed(Outcome.FAILED, now));
              }
            });
    return first.future();
  }

  private Future<HttpResponse<Buffer>> sent(
      String id, String workspace, Triage.Subject subject, Instant now) {
    Buffer body = Buffer.buffer(question(workspace, subject).toString());
    HttpRequest<Buffer> request =
        client
            .postAbs(settings.url())
            .followRedirects(false)
            .timeout(settings.timeout().toMillis())
            .putHeader("content-type", "application/json")
            .putHeader(StandardWebhooks.ID, id)
            .putHeader(StandardWebhooks.TIMESTAMP, StandardWebhooks.timestamp(now));
    if (signatures != null) {
      request.putHeader(StandardWebhooks.SIGNATURE, signatures.sign(id, now, body));
    }
    return request.sendBuffer(body);
  }

  private static ObjectNode question(String workspace, Triage.Subject subject) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "customer.lookup")
            .put("workspace", workspace);
    json.putObject("channel")
        .put("id", subject.channel())
        .put("connector", subject.connector())
        .put("family", subject.family());
    json.putObject("contact").put("id", subject.contact()).put("name", subject.contactName());
    return json;
  }

  private @Nullable Looked read(HttpResponse<Buffer> response, Instant now) {
    int status = response.statusCode();
    if (status == NOT_FOUND || status == NO_CONTENT) {
      circuit.answered();
      outcomes.accept(Outcome.MISS);
      return new Looked(null);
    }
    if (status != OK || response.body() == null) {
      return failed(Outcome.FAILED, now);
    }
    try {
      Looked looked = CustomerReader.read(response.body());
      circuit.answered();
      outcomes.accept(looked.customer() == null ? Outcome.MISS : Outcome.FOUND);
      return looked;
    } catch (WebhookRejected | IllegalArgumentException e) {
      return failed(Outcome.INVALID, now);
    }
  }

  private @Nullable Looked failed(Outcome outcome, Instant now) {
    circuit.failed(now);
    outcomes.accept(outcome);
    return null;
  }

  private Future<@Nullable Looked> none(Outcome outcome) {
    outcomes.accept(outcome);
    return Future.succeededFuture(null);
  }
}
