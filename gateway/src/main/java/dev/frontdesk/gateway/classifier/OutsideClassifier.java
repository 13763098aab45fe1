// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Instant;
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
  private final Consumer<Outcome> outcomes;
  private final Circuit circuit;
  private final OutsideProgram program;

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
    this.outcomes = outcomes;
    this.circuit = new Circuit(settings.failures(), settings.rest());
    this.program =
        new OutsideProgram(
            settings.url(),
            settings.timeout(),
            settings.secret(),
            circuit,
            settings.inFlight(),
            client,
            scheduler);
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
    return program.ask(
        id,
        question(workspace, subject),
        now,
        response -> read(response, terms, now),
        silence -> outcomes.accept(Outcome.valueOf(silence.name())));
  }

  private static ObjectNode question(String workspace, Triage.Subject subject) {
    ObjectNode json = OutsideProgram.question("conversation.classify", workspace, subject);
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
}
