// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through conversations of one workspace after a reload changed what holds for them. All are
 * collected before the first is touched, because their places change with them; {@link #AT_ONCE}
 * are under way at a time. What fails is logged and left.
 */
public final class ReloadSweep {

  static final int AT_ONCE = 32;
  private static final int PAGE = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(ReloadSweep.class);

  private final Store store;
  private final Workspace workspace;
  private final Set<String> ids = new LinkedHashSet<>();
  private Future<Void> collected = Future.succeededFuture();

  public ReloadSweep(Store store, Workspace workspace) {
    this.store = store;
    this.workspace = workspace;
  }

  /** Those that wait or are offered. */
  public ReloadSweep waiting() {
    for (String queue : workspace.config().queues().keySet()) {
      for (String promise : workspace.config().promises().keySet()) {
        add(workspace.keys().waiting(queue, promise), Optional::of);
      }
    }
    return this;
  }

  /** Those that have a timer of one of these kinds. */
  public ReloadSweep armed(Set<Timer.Kind> kinds) {
    add(workspace.keys().timers(), member -> subject(member, kinds));
    return this;
  }

  /**
   * Does {@code step} with each of them; ends when all were asked.
   *
   * @param done what the log says of it
   */
  public Future<Void> each(String done, Function<Conversation.Id, Future<?>> step) {
    return collected
        .compose(all -> ask(List.copyOf(ids), 0, step))
        .onSuccess(
            all ->
                LOG.atInfo()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue("conversations", ids.size())
                    .log(done))
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .setCause(failure)
                    .log("Conversations not gone through after a change; reload once more"));
  }

  private void add(Key rows, Function<String, Optional<String>> id) {
    collected = collected.compose(before -> collect(rows, 0, id));
  }

  private Future<Void> collect(Key rows, long rank, Function<String, Optional<String>> id) {
    return store
        .sorted(rows, rank, rank + PAGE - 1)
        .compose(
            page -> {
              page.stream().map(Scored::member).map(id).forEach(one -> one.ifPresent(ids::add));
              return page.size() < PAGE ? Future.succeededFuture() : collect(rows, rank + PAGE, id);
            });
  }

  private static Optional<String> subject(String member, Set<Timer.Kind> kinds) {
    try {
      Timer timer = Timer.parse(member);
      return kinds.contains(timer.kind()) ? Optional.of(timer.subject()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      LOG.atDebug().addKeyValue(LogKeys.EVENT, member).log("Not a timer, passed over");
      return Optional.empty();
    }
  }

  private Future<Void> ask(List<String> all, int from, Function<Conversation.Id, Future<?>> step) {
    if (from >= all.size()) {
      return Future.succeededFuture();
    }
    List<Future<?>> asked = new ArrayList<>();
    int to = Math.min(all.size(), from + AT_ONCE);
    for (String id : all.subList(from, to)) {
      asked.add(step.apply(new Conversation.Id(id)));
    }
    return Future.join(asked)
        .transform(
            done -> {
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(done.cause()))
                    .log("A conversation was left as it was after a change");
              }
              return ask(all, to, step);
            });
  }
}
