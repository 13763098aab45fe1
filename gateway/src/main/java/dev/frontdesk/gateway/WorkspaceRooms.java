// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.gateway.bot.BotCircuits;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs for each configured workspace by itself: its background work, and the following of
 * agents that an operator locks out on any node, and of bots that fail. Begins and ends with the
 * workspace's place in the configuration. Its state is touched on one context only; may be called
 * from any thread.
 */
final class WorkspaceRooms {

  private static final Logger LOG = LoggerFactory.getLogger(WorkspaceRooms.class);

  private final Context home;
  private final Function<Workspace, Background> begin;
  private final DisabledAgents disabled;
  private final BotCircuits circuits;
  private final Map<String, Background> running = new HashMap<>();
  private final Map<String, Runnable> followed = new HashMap<>();
  private boolean stopped;

  /**
   * No workspaces yet.
   *
   * @param begin starts a workspace's background work
   */
  WorkspaceRooms(
      Context home,
      Function<Workspace, Background> begin,
      DisabledAgents disabled,
      BotCircuits circuits) {
    this.home = home;
    this.circuits = circuits;
    this.begin = begin;
    this.disabled = disabled;
  }

  /** Begins what is new, ends what is gone; those that stay follow their present agents. */
  void put(Collection<Workspace> configured) {
    home.runOnContext(v -> replace(List.copyOf(configured)));
  }

  private void replace(List<Workspace> configured) {
    if (stopped) {
      return;
    }
    Map<String, Workspace> wanted =
        configured.stream().collect(Collectors.toMap(Workspace::id, workspace -> workspace));
    List.copyOf(running.keySet()).stream().filter(id -> !wanted.containsKey(id)).forEach(this::end);
    wanted.forEach((id, workspace) -> running.computeIfAbsent(id, key -> begin.apply(workspace)));
    wanted.values().forEach(this::follow);
  }

  private void end(String workspace) {
    Background gone = running.remove(workspace);
    Runnable unfollow = followed.remove(workspace);
    if (gone != null && unfollow != null) {
      unfollow.run();
      gone.stop()
          .onSuccess(
              done ->
                  LOG.atInfo()
                      .addKeyValue(LogKeys.WORKSPACE, workspace)
                      .log("Workspace is no longer served here"));
    }
  }

  private void follow(Workspace workspace) {
    Runnable agents = disabled.follow(workspace);
    Runnable bots = circuits.follow(workspace);
    Runnable before =
        followed.put(
            workspace.id(),
            () -> {
              agents.run();
              bots.run();
            });
    if (before != null) {
      before.run();
    }
    Future.join(disabled.refresh(workspace), circuits.refresh(workspace))
        .onFailure(
            unread ->
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .setCause(unread)
                    .log("Disabled agents and failures of bots could not be read"));
  }

  /** Gives all leases back and begins nothing more; what is on its way ends by itself. */
  Future<Void> stop() {
    Promise<Void> over = Promise.promise();
    home.runOnContext(
        v -> {
          stopped = true;
          followed.values().forEach(Runnable::run);
          followed.clear();
          List<Future<Void>> ended = running.values().stream().map(Background::stop).toList();
          running.clear();
          Future.join(ended).onComplete(done -> over.complete());
        });
    return over.future();
  }
}
