// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.conversation.BotWatch;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.BotCircuit;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuits of all bots, as this node knows them.
 *
 * <ol>
 *   <li>A failure is counted in the store by the commit that hands its conversation to people, and
 *       every node hears of it by the wake-up {@link RedisKeys#BOT_FAILURES}.
 *   <li>Whether a conversation may try a bot that rests is decided by each node on its own: one of
 *       each node may, once per rest.
 *   <li>The first answer on any node takes the count off; nothing is written while there is none.
 *   <li>Thread-safe. What a node missed it reads when it tries the bot the next time.
 * </ol>
 *
 * <p>Written here: resilience4j's breaker counts shares in a sliding window of one process, and
 * these failures are few, counted elsewhere, and seen by the node whose timer fired.
 */
public final class BotCircuits implements BotWatch {

  private static final Logger LOG = LoggerFactory.getLogger(BotCircuits.class);

  private record Bot(String workspace, String id) {}

  private final Store store;
  private final Map<Bot, BotCircuit> circuits = new ConcurrentHashMap<>();

  /** All bots are asked. */
  public BotCircuits(Store store) {
    this.store = store;
  }

  @Override
  public boolean admits(Workspace workspace, String bot, Instant now) {
    Bot key = new Bot(workspace.id(), bot);
    BotCircuit seen = circuits.get(key);
    FrontdeskConfig.Bot config = workspace.config().bots().get(bot);
    if (seen == null || config == null || !seen.isOpen(config.failures())) {
      return true;
    }
    boolean tries =
        seen.admits(config.failures(), now)
            && circuits.replace(key, seen, seen.tried(now, config.rest()));
    if (tries) {
      refresh(workspace).onFailure(unread -> {}); // it rests on as far as this node knows
    }
    return tries;
  }

  @Override
  public void answered(Workspace workspace, String bot) {
    if (circuits.remove(new Bot(workspace.id(), bot)) == null) {
      return;
    }
    Key failures = workspace.keys().botFailures();
    store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .write(new Write.HashDelete(failures, bot))
                .write(new Write.HashDelete(failures, RedisKeys.failedAt(bot)))
                .wake(RedisKeys.BOT_FAILURES)
                .build())
        .onFailure(
            unknown ->
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue(LogKeys.BOT, bot)
                    .log("A bot answers again, its failures could not be taken off"));
  }

  /** Reads what bots did from the store. */
  public Future<Void> refresh(Workspace workspace) {
    return store
        .hashAll(workspace.keys().botFailures())
        .onSuccess(
            rows ->
                workspace
                    .config()
                    .bots()
                    .forEach((bot, config) -> know(workspace, bot, config, rows)))
        .mapEmpty();
  }

  /** Follows failures and answers on all nodes; the result ends it. */
  public Runnable follow(Workspace workspace) {
    return store.onWakeUp(
        workspace.id(),
        topics -> {
          if (topics.contains("*") || topics.contains(RedisKeys.BOT_FAILURES)) {
            refresh(workspace).onFailure(unread -> {}); // the next failure is heard of too
          }
        });
  }

  private void know(
      Workspace workspace, String bot, FrontdeskConfig.Bot config, Map<String, String> rows) {
    Bot key = new Bot(workspace.id(), bot);
    String count = rows.get(bot);
    String at = rows.get(RedisKeys.failedAt(bot));
    if (count == null || at == null) {
      circuits.remove(key);
      return;
    }
    BotCircuit read =
        BotCircuit.failed(
            Integer.parseInt(count), Instant.ofEpochMilli(Long.parseLong(at)), config.rest());
    BotCircuit before = circuits.get(key);
    if (before != null && before.isOf(read)) {
      return;
    }
    circuits.put(key, read);
    if (read.isOpen(config.failures()) && (before == null || !before.isOpen(config.failures()))) {
      LOG.atWarn()
          .addKeyValue(LogKeys.WORKSPACE, workspace.id())
          .addKeyValue(LogKeys.BOT, bot)
          .addKeyValue("failures", read.failures())
          .log("A bot fails, new conversations go to people until it answers one");
    }
  }
}
