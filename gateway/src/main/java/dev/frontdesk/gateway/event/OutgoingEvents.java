// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.config.FrontdeskConfig.EventEndpoint;
import dev.frontdesk.gateway.conversation.EventRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.outbox.Backoff;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Pacer;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a workspace's events to its endpoints, while this node holds the workspace.
 *
 * <ol>
 *   <li>Per endpoint and conversation in order, one in flight; an event that fails holds back the
 *       later ones of its conversation, and nobody else's.
 *   <li>A row goes only with the commit that follows its 2xx, so an event is sent at least once;
 *       each attempt carries the same {@code webhook-id}.
 *   <li>What is given up becomes a dead letter; what there is no room for as one is counted.
 * </ol>
 *
 * All state is touched on the context it was started on.
 */
public final class OutgoingEvents {

  /** Events on their way to one endpoint at once. */
  static final int IN_FLIGHT = 32;

  /** First pause before repeating; doubles with jitter up to {@link #LONGEST_RETRY}. */
  static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

  /** How much longer than its send a claim is held, so that no other node sends meanwhile. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private static final int CLAIMED = 200;
  private static final Duration CROWDED = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(OutgoingEvents.class);

  private final Supplier<Workspace> workspace;
  private final Store store;
  private final EventQueue queue;
  private final EventPost post;
  private final GatewayMetrics metrics;
  private final Backoff backoff;
  private final Pacer pacer;
  private final Set<String> underWay = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private final Map<String, Integer> perEndpoint = new HashMap<>();
  private final Map<String, Instant> pausedUntil = new HashMap<>();
  private boolean swept;

  /** A dispatcher that is not started; {@code client} stays the caller's. */
  public OutgoingEvents(
      Supplier<Workspace> workspace,
      Store store,
      WebClient client,
      Scheduler scheduler,
      RandomGenerator random,
      GatewayMetrics metrics) {
    this.workspace = workspace;
    this.store = store;
    this.queue = new EventQueue(store);
    this.post = new EventPost(client, scheduler);
    this.metrics = metrics;
    this.backoff = new Backoff(random);
    this.pacer = new Pacer(scheduler, () -> store.clock(workspace.get().id()).now(), this::poll);
  }

  public void start() {
    swept = false;
    pacer.start();
  }

  /** What is on its way ends by itself. */
  public void stop() {
    pacer.stop();
  }

  /** An event is ready at {@code atMillis}. */
  public void wake(long atMillis) {
    pacer.wake(atMillis);
  }

  private Future<Long> poll() {
    Workspace at = workspace.get();
    Map<String, EventEndpoint> endpoints = at.config().events();
    if (endpoints.isEmpty() && swept) {
      return Future.succeededFuture(-1L);
    }
    Duration longest =
        endpoints.values().stream()
            .map(EventEndpoint::timeout)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return queue
        .overflowing(at)
        .compose(surplus -> giveUpOldest(at, surplus))
        .compose(
            done -> store.claimDue(at.id(), at.keys().eventsDue(), longest.plus(MARGIN), CLAIMED))
        .map(
            claimed -> {
              claimed.due().forEach(due -> take(at, due.member()));
              swept = endpoints.isEmpty() && claimed.due().isEmpty();
              return claimed.due().size() == CLAIMED ? 0L : claimed.nextDueMillis();
            });
  }

  /** The bound of an endpoint is passed: those that wait longest become dead letters. */
  private Future<Void> giveUpOldest(Workspace at, Map<String, Long> surplus) {
    if (surplus.isEmpty()) {
      return Future.succeededFuture();
    }
    Map<String, Long> left = new HashMap<>(surplus);
    return queue
        .longestWaiting(at, CLAIMED)
        .compose(
            members -> {
              Future<Void> chain = Future.succeededFuture();
              for (Scored member : members) {
                Place place = Place.parse(member.member());
                if (!underWay.contains(member.member())
                    && left.merge(place.endpoint(), -1L, Long::sum) >= 0) {
                  chain = chain.compose(done -> giveUpHead(at, place));
                }
              }
              return chain;
            });
  }

  private Future<Void> giveUpHead(Workspace at, Place place) {
    return queue
        .head(at, place)
        .compose(
            head ->
                head.row() == null
                    ? Future.succeededFuture()
                    : giveUp(at, place, head.row(), "too many events wait for the endpoint"));
  }

  private void take(Workspace at, String member) {
    if (!underWay.add(member)) {
      // a later event of the same conversation came while one is on its way
      again.add(member);
      return;
    }
    Place place = Place.parse(member);
    next(at, place)
        .onComplete(
            done -> {
              underWay.remove(member);
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, at.id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(done.cause()))
                    .log("An event was not recorded as sent; it is looked at again");
              }
              if (again.remove(member) && done.succeeded()) {
                take(at, member);
              }
            });
  }

  private Future<Void> next(Workspace at, Place place) {
    return queue.head(at, place).compose(head -> next(at, place, head));
  }

  private Future<Void> next(Workspace at, Place place, EventQueue.Head head) {
    EventRow row = head.row();
    if (row == null) {
      return queue.leave(at, place);
    }
    EventEndpoint endpoint = at.config().events().get(place.endpoint());
    if (endpoint == null) {
      return giveUp(at, place, row, "the endpoint is not configured any more")
          .compose(done -> next(at, place));
    }
    Instant now = store.clock(at.id()).now();
    Instant earliest = later(head.notBefore(), pausedUntil.get(place.endpoint()));
    if (earliest != null && earliest.isAfter(now)) {
      return queue.postpone(at, place, earliest);
    }
    if (perEndpoint.getOrDefault(place.endpoint(), 0) >= IN_FLIGHT) {
      return queue.postpone(at, place, now.plus(CROWDED));
    }
    perEndpoint.merge(place.endpoint(), 1, Integer::sum);
    Buffer body = EventJson.of(at.id(), row).toBuffer();
    return post.post(endpoint, row.id(), body, now)
        .onComplete(done -> perEndpoint.merge(place.endpoint(), -1, Integer::sum))
        .compose(delivery -> record(at, place, endpoint, row, head.attempts() + 1, delivery));
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }

  private Future<Void> record(
      Workspace at,
      Place place,
      EventEndpoint endpoint,
      EventRow row,
      int attempt,
      Delivery delivery) {
    if (delivery.accepted()) {
      metrics.eventSent(at.id(), place.endpoint(), "delivered");
      return queue.delivered(at, place, row).compose(done -> next(at, place));
    }
    if (delivery.last() || attempt >= endpoint.maxAttempts()) {
      return giveUp(at, place, row, delivery.reason()).compose(done -> next(at, place));
    }
    metrics.eventSent(at.id(), place.endpoint(), "retry");
    Duration pause = backoff.pause(FIRST_RETRY, LONGEST_RETRY, attempt, delivery.retryAfter());
    Instant notBefore = store.clock(at.id()).now().plus(pause);
    if (delivery.retryAfter() != null) {
      pausedUntil.put(place.endpoint(), notBefore);
    }
    return queue.failed(at, place, attempt, notBefore);
  }

  private Future<Void> giveUp(Workspace at, Place place, EventRow row, String reason) {
    return queue
        .giveUp(at, place, row, reason)
        .map(
            kept -> {
              metrics.eventSent(at.id(), place.endpoint(), kept ? "given-up" : "lost");
              (kept ? LOG.atWarn() : LOG.atError())
                  .addKeyValue(LogKeys.WORKSPACE, at.id())
                  .addKeyValue(LogKeys.ENDPOINT, place.endpoint())
                  .addKeyValue(LogKeys.EVENT, row.id())
                  .addKeyValue(LogKeys.REASON, reason)
                  .log(
                      kept
                          ? "An event was given up and is a dead letter"
                          : "An event is lost: there is no room for more dead letters");
              return null;
            });
  }
}
