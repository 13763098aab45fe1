// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.gateway.event.OutgoingEvents;
import dev.frontdesk.gateway.lease.WorkspaceLease;
import dev.frontdesk.gateway.outbox.OutboundDispatcher;
import dev.frontdesk.gateway.routing.Router;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.timer.TimerRoom;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.function.Function;

/**
 * One workspace's timers, router, outbox and outgoing events, running while this node holds the
 * workspace's lease. Everything in here happens on one context.
 */
final class Background {

  private final Context home;
  private final TimerRoom timers;
  private final OutboundDispatcher outbox;
  private final OutgoingEvents events;
  private final Router router;
  private final WorkspaceLease lease;
  private final Runnable unsubscribe;

  /**
   * Starts to take part in the leasing of one workspace.
   *
   * @param leased makes the lease from what to do when it is taken and when it is lost
   */
  Background(
      String workspace,
      Store store,
      Context home,
      TimerRoom timers,
      OutboundDispatcher outbox,
      OutgoingEvents events,
      Router router,
      Function<Holder, WorkspaceLease> leased) {
    this.home = home;
    this.timers = timers;
    this.outbox = outbox;
    this.events = events;
    this.router = router;
    this.lease = leased.apply(new Holder(this::begin, this::end));
    this.unsubscribe =
        store.onWakeUp(
            workspace,
            topics -> {
              if (concern(topics)) {
                home.runOnContext(v -> woken(topics));
              }
            });
    home.runOnContext(v -> lease.start());
  }

  /** What holding a lease begins and ends. */
  record Holder(Runnable taken, Runnable lost) {}

  private void begin() {
    timers.start();
    outbox.start();
    events.start();
    router.start();
  }

  private void end() {
    timers.stop();
    outbox.stop();
    events.stop();
    router.stop();
  }

  /** Whether topics are of work in the background: most are not, and telling its context costs. */
  private static boolean concern(Set<String> topics) {
    for (String topic : topics) {
      if (topic.startsWith("t:")
          || topic.startsWith("o:")
          || topic.startsWith("e:")
          || topic.equals("*")) {
        return true;
      }
    }
    return false;
  }

  private void woken(Set<String> topics) {
    for (String topic : topics) {
      if (topic.startsWith("t:")) {
        timers.wake(Long.parseLong(topic.substring(2)));
      } else if (topic.startsWith("o:")) {
        outbox.wake(Long.parseLong(topic.substring(2)));
      } else if (topic.startsWith("e:")) {
        events.wake(Long.parseLong(topic.substring(2)));
      } else if (topic.equals("*")) {
        timers.wake(0);
        outbox.wake(0);
        events.wake(0);
      }
    }
  }

  /** Gives the lease back and stops; what is on its way ends by itself. */
  Future<Void> stop() {
    Promise<Void> over = Promise.promise();
    home.runOnContext(
        v -> {
          unsubscribe.run();
          lease.stop().onComplete(done -> over.complete());
        });
    return over.future();
  }
}
