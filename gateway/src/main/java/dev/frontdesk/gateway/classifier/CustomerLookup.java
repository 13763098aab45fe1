// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.CustomerSettings;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.gateway.domain.Surroundings.Looked;
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
  private final Consumer<Outcome> outcomes;
  private final Circuit circuit;
  private final OutsideProgram program;

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

  CustomerSettings.Lookup settings() {
    return settings;
  }

  /**
   * Asks about one contact; null when nothing can be said.
   *
   * @param id of the question, the same when it is asked again for the same message
   */
  Future<@Nullable Looked> ask(String id, String workspace, Triage.Subject subject, Instant now) {
    return program.ask(
        id,
        question(workspace, subject),
        now,
        response -> read(response, now),
        silence -> outcomes.accept(Outcome.valueOf(silence.name())));
  }

  private static ObjectNode question(String workspace, Triage.Subject subject) {
    return OutsideProgram.question("customer.lookup", workspace, subject);
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
}
