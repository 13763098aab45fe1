// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.conversation.CallerContext;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StreamEntry;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Polls that wait for a row to appear. Agents, not polls, are what is watched: a wake-up reads the
 * agent's stream once per place waited at when its turn comes, and each second one row per agent is
 * read in case a wake-up was lost (less often when more than {@link #READS_PER_SECOND} agents
 * wait). Wake-ups until a read begins are one. All state is touched on the home executor only.
 */
public final class InboxWaiters {

  /** Re-reads of all agents together; beyond it each agent's interval grows. */
  private static final int READS_PER_SECOND = 2_000;

  /** Devices of one agent that wait at once; one more ends the longest wait with an empty page. */
  private static final int MOST_PER_AGENT = 8;

  private final Store store;
  private final Scheduler scheduler;
  private final Executor home;
  private final int mostPerWorkspace;
  private final PollTurns turns;
  private final Map<Key, Watch> watches = new HashMap<>();
  private final Map<String, Integer> waiting = new HashMap<>();
  private final Set<String> subscribed = new HashSet<>();

  /**
   * Nobody waits yet.
   *
   * @param home runs tasks one after the other on the context the store answers on
   * @param mostPerWorkspace polls that wait at once in a workspace; more are refused
   */
  public InboxWaiters(
      Store store, Scheduler scheduler, Executor home, int mostPerWorkspace, PollTurns turns) {
    this.store = store;
    this.scheduler = scheduler;
    this.home = home;
    this.mostPerWorkspace = mostPerWorkspace;
    this.turns = turns;
  }

  /** The rows after a place as soon as there are any; an empty page after {@code wait}. */
  Future<AgentInbox.Page> await(
      Workspace workspace, Agent.Id agent, InboxCursor from, Duration wait, Future<?> closed) {
    Promise<AgentInbox.Page> answer = Promise.promise();
    Waiter waiter = new Waiter(from, answer);
    home.execute(
        () -> {
          int count = waiting.getOrDefault(workspace.id(), 0);
          if (count >= mostPerWorkspace) {
            waiter.fail(tooMany(count));
            return;
          }
          subscribe(workspace.id());
          Watch watch =
              watches.computeIfAbsent(
                  workspace.keys().inbox(agent), key -> new Watch(workspace.id(), key));
          watch.add(waiter, wait);
          closed.onComplete(done -> home.execute(() -> watch.finish(waiter, List.of())));
        });
    return CallerContext.returning(answer.future());
  }

  /** Ends the waits of an agent with an empty page. */
  void end(Workspace workspace, Agent.Id agent) {
    home.execute(
        () -> {
          Watch watch = watches.get(workspace.keys().inbox(agent));
          if (watch != null) {
            List.copyOf(watch.waiters).forEach(w -> watch.finish(w, List.of()));
          }
        });
  }

  private static GatewayException tooMany(int count) {
    return new GatewayException(
        GatewayException.Kind.UNAVAILABLE,
        "too-many-polls",
        count + " polls wait in this workspace, try again later");
  }

  /** Workspaces are few and stay: nobody unsubscribes. */
  private void subscribe(String workspace) {
    if (subscribed.add(workspace)) {
      store.onWakeUp(
          workspace,
          topics -> {
            if (concern(topics)) {
              home.execute(() -> woken(workspace, topics));
            }
          });
    }
  }

  /** Whether topics are of inboxes: most are not, and telling their context costs. */
  private static boolean concern(Set<String> topics) {
    for (String topic : topics) {
      if (topic.startsWith("a:") || topic.equals("*")) {
        return true;
      }
    }
    return false;
  }

  private void woken(String workspace, Set<String> topics) {
    if (topics.contains("*")) {
      List.copyOf(watches.values()).stream()
          .filter(w -> w.workspace.equals(workspace))
          .forEach(Watch::check);
      return;
    }
    var keys = new RedisKeys(workspace);
    for (String topic : topics) {
      if (topic.startsWith("a:")) {
        Watch watch = watches.get(keys.inbox(new Agent.Id(topic.substring(2))));
        if (watch != null) {
          watch.check();
        }
      }
    }
  }

  private Duration interval(Key key) {
    long millis = 1000L * Math.max(READS_PER_SECOND, watches.size()) / READS_PER_SECOND;
    return Duration.ofMillis(millis - Math.floorMod(key.hashCode(), 200));
  }

  /** One agent with polls waiting. */
  private final class Watch {
    private final String workspace;
    private final Key key;
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private final Promise<Void> over = Promise.promise();
    private boolean asked;
    private boolean reading;
    private boolean again;
    private Scheduler.@Nullable Cancellable next;

    Watch(String workspace, Key key) {
      this.workspace = workspace;
      this.key = key;
    }

    void add(Waiter waiter, Duration wait) {
      if (waiters.size() >= MOST_PER_AGENT) {
        finish(waiters.iterator().next(), List.of());
      }
      watches.put(key, this);
      waiters.add(waiter);
      waiting.merge(workspace, 1, Integer::sum);
      waiter.deadline = scheduler.after(wait, () -> finish(waiter, List.of()));
      check();
    }

    /** Reads what is new for each place waited at; a read that has not begun will see it too. */
    void check() {
      if (asked) {
        again = reading;
        return;
      }
      asked = true;
      again = false;
      turns
          .take(over.future(), this::look)
          .onComplete(
              done -> {
                asked = false;
                reading = false;
                if (again && done.succeeded()) {
                  home.execute(this::check);
                } else {
                  sleep();
                }
              });
    }

    private Future<Void> look() {
      reading = true;
      List<Future<?>> reads = new ArrayList<>();
      places().forEach(place -> reads.add(read(place)));
      return Future.join(reads).mapEmpty();
    }

    private Set<String> places() {
      Set<String> places = new HashSet<>();
      waiters.forEach(waiter -> places.add(waiter.from.row()));
      return places;
    }

    private Future<Void> read(String place) {
      return store.stream(key, place, AgentInbox.PAGE + 1)
          .onSuccess(
              rows -> {
                if (!rows.isEmpty()) {
                  List.copyOf(waiters).stream()
                      .filter(waiter -> waiter.from.row().equals(place))
                      .forEach(waiter -> finish(waiter, rows));
                }
              })
          .mapEmpty();
    }

    private void sleep() {
      if (next != null) {
        next.cancel();
      }
      next = waiters.isEmpty() ? null : scheduler.after(interval(key), this::glance);
    }

    /** One row tells whether there is anything new. */
    private void glance() {
      turns
          .take(over.future(), () -> store.streamLast(key))
          .onComplete(
              last -> {
                if (last.succeeded() && isNew(last.result())) {
                  check();
                } else {
                  sleep();
                }
              });
    }

    private boolean isNew(@Nullable StreamEntry last) {
      return last != null
          && waiters.stream().anyMatch(w -> InboxCursor.compareRows(w.from.row(), last.id()) < 0);
    }

    void finish(Waiter waiter, List<StreamEntry> rows) {
      if (waiters.remove(waiter)) {
        waiting.computeIfPresent(workspace, (id, n) -> n > 1 ? n - 1 : null);
        waiter.answer(AgentInbox.page(waiter.from, rows));
      }
      if (waiters.isEmpty()) {
        watches.remove(key, this);
        over.tryComplete();
        sleep();
      }
    }
  }

  /** One poll that waits. */
  private static final class Waiter {
    private final InboxCursor from;
    private final Promise<AgentInbox.Page> promise;
    private Scheduler.@Nullable Cancellable deadline;

    Waiter(InboxCursor from, Promise<AgentInbox.Page> promise) {
      this.from = from;
      this.promise = promise;
    }

    void answer(AgentInbox.Page page) {
      if (deadline != null) {
        deadline.cancel();
      }
      promise.tryComplete(page);
    }

    void fail(GatewayException problem) {
      promise.tryFail(problem);
    }
  }
}
