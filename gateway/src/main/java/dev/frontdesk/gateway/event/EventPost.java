// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.config.FrontdeskConfig.EventEndpoint;
import dev.frontdesk.connector.RetryAfter;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.codec.BodyCodec;
import java.time.Instant;

/**
 * Posts one event to one endpoint, signed by Standard Webhooks. Any 2xx is accepted; redirects are
 * not followed, and the body of an answer is not kept. Never fails: what went wrong is a result.
 */
final class EventPost {

  private final WebClient client;
  private final Scheduler scheduler;

  EventPost(WebClient client, Scheduler scheduler) {
    this.client = client;
    this.scheduler = scheduler;
  }

  /** One attempt; {@code now} signs it. Ends within the endpoint's time-out. */
  Future<Delivery> post(EventEndpoint endpoint, String id, Buffer body, Instant now) {
    Promise<Delivery> first = Promise.promise();
    long millis = endpoint.timeout().toMillis();
    Scheduler.Cancellable deadline =
        scheduler.after(
            endpoint.timeout(),
            () -> first.tryComplete(Delivery.failed("no answer within " + millis + " ms")));
    client
        .postAbs(endpoint.url())
        .followRedirects(false)
        .timeout(millis)
        .as(BodyCodec.none())
        .putHeader("content-type", "application/json")
        .putHeader(StandardWebhooks.ID, id)
        .putHeader(StandardWebhooks.TIMESTAMP, StandardWebhooks.timestamp(now))
        .putHeader(
            StandardWebhooks.SIGNATURE, new StandardWebhooks(endpoint.secret()).sign(id, now, body))
        .sendBuffer(body)
        .onComplete(
            done -> {
              deadline.cancel();
              first.tryComplete(
                  done.succeeded()
                      ? classify(done.result(), now)
                      : Delivery.failed(done.cause().getClass().getSimpleName()));
            });
    return first.future();
  }

  private static Delivery classify(HttpResponse<?> response, Instant now) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return Delivery.ACCEPTED;
    }
    return new Delivery(
        false,
        status == 410,
        "the endpoint answered " + status,
        RetryAfter.parse(response.getHeader("retry-after"), now));
  }
}
