// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A program of the operator's that is asked by a POST, signed where there is a secret.
 *
 * <ol>
 *   <li>It takes {@code timeout} at most, and never fails: without an answer there is null.
 *   <li>After failures in a row the circuit rests; above {@code mostInFlight} it is not asked.
 *   <li>Thread-safe; the future completes on the caller's context.
 * </ol>
 */
final class OutsideProgram {

  private final String url;
  private final Duration timeout;
  private final @Nullable StandardWebhooks signatures;
  private final Circuit circuit;
  private final int mostInFlight;
  private final WebClient client;
  private final Scheduler scheduler;
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Why there is no answer. */
  enum Silence {
    TIMEOUT,
    FAILED,
    RESTING,
    FULL
  }

  OutsideProgram(
      String url,
      Duration timeout,
      @Nullable Secret secret,
      Circuit circuit,
      int mostInFlight,
      WebClient client,
      Scheduler scheduler) {
    this.url = url;
    this.timeout = timeout;
    this.signatures = secret == null ? null : new StandardWebhooks(secret);
    this.circuit = circuit;
    this.mostInFlight = mostInFlight;
    this.client = client;
    this.scheduler = scheduler;
  }

  /** What every question says of where a message came from. */
  static ObjectNode question(String type, String workspace, Triage.Subject subject) {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("type", type).put("workspace", workspace);
    json.putObject("channel")
        .put("id", subject.channel())
        .put("connector", subject.connector())
        .put("family", subject.family());
    json.putObject("contact").put("id", subject.contact()).put("name", subject.contactName());
    return json;
  }

  /**
   * Asks once.
   *
   * @param id of the question, the same when it is asked again
   * @param read makes something of a response in time, and tells the circuit how it went
   * @param silent told why, when there is no response in time
   */
  <T> Future<@Nullable T> ask(
      String id,
      ObjectNode question,
      Instant now,
      Function<HttpResponse<Buffer>, @Nullable T> read,
      Consumer<Silence> silent) {
    if (!circuit.admits(now)) {
      silent.accept(Silence.RESTING);
      return Future.succeededFuture(null);
    }
    if (inFlight.incrementAndGet() > mostInFlight) {
      inFlight.decrementAndGet();
      silent.accept(Silence.FULL);
      return Future.succeededFuture(null);
    }
    Promise<@Nullable T> first = Promise.promise();
    Scheduler.Cancellable late =
        scheduler.after(
            timeout,
            () -> {
              if (first.tryComplete(null)) {
                circuit.failed(now);
                silent.accept(Silence.TIMEOUT);
              }
            });
    sent(id, Buffer.buffer(question.toString()), now)
        .onComplete(
            done -> {
              inFlight.decrementAndGet();
              late.cancel();
              if (first.future().isComplete()) {
                return;
              }
              if (done.succeeded()) {
                first.tryComplete(read.apply(done.result()));
              } else {
                circuit.failed(now);
                silent.accept(Silence.FAILED);
                first.tryComplete(null);
              }
            });
    return first.future();
  }

  private Future<HttpResponse<Buffer>> sent(String id, Buffer body, Instant now) {
    HttpRequest<Buffer> request =
        client
            .postAbs(url)
            .followRedirects(false)
            .timeout(timeout.toMillis())
            .putHeader("content-type", "application/json")
            .putHeader(StandardWebhooks.ID, id)
            .putHeader(StandardWebhooks.TIMESTAMP, StandardWebhooks.timestamp(now));
    if (signatures != null) {
      request.putHeader(StandardWebhooks.SIGNATURE, signatures.sign(id, now, body));
    }
    return request.sendBuffer(body);
  }
}
