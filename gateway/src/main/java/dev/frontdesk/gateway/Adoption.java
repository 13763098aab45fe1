// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.outbox.OutboxHold;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.store.redis.RedisStore;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.VertxScheduler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;

/**
 * Takes a store for ours, workspace by workspace: what it would send is held back first, because an
 * older copy does not know what was sent since; then its epoch rises, which ends the quarantine of
 * every gateway and every client's cursor.
 */
final class Adoption {

  private static final int LANES = 10_000;

  private final RedisStore store;
  private final Map<String, Workspace> workspaces;
  private final OutboxHold hold;

  Adoption(Vertx vertx, RedisStore store, ConnectorCatalog catalog, FrontdeskConfig config) {
    this.store = store;
    this.workspaces =
        new WorkspaceFactory(catalog::family, new Conditions(), failed -> {}).workspaces(config);
    this.hold =
        new OutboxHold(
            store,
            new ConversationService(
                store,
                new JsonCodec(),
                new VertxScheduler(vertx),
                new SecureRandom(),
                new GatewayMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                LANES));
  }

  /**
   * What was taken.
   *
   * @param held messages that wait for an operator now
   * @param overdue timers that take effect at the next start, once each
   */
  record Taken(String workspace, String epoch, long conversations, int held, long overdue) {
    String line() {
      return workspace
          + " "
          + epoch
          + ": "
          + conversations
          + " conversations, "
          + held
          + " messages held back as dead letters, "
          + overdue
          + " timers overdue";
    }
  }

  /** Takes one workspace; doing it again after a failure is harmless. */
  Future<Taken> take(String id, String why) {
    Workspace workspace = Objects.requireNonNull(workspaces.get(id));
    return store
        .takeAsFound(id)
        .compose(there -> there ? held(workspace, why) : Future.succeededFuture(0))
        .compose(held -> store.adopt(id).compose(epoch -> counted(workspace, epoch, held)));
  }

  /** Nobody waits for the node that held the lease when the copy was made. */
  private Future<Integer> held(Workspace at, String why) {
    Commit free =
        Commit.of(at.id(), store.clock(at.id()).now(), Commit.Urgency.RELEASING)
            .write(new Write.Delete(at.keys().lease()))
            .build();
    return hold.hold(at, why).compose(held -> store.commit(free).map(held));
  }

  private Future<Taken> counted(Workspace at, String epoch, int held) {
    double now = (double) store.clock(at.id()).now().toEpochMilli();
    Future<Long> conversations = store.sortedCount(at.keys().index());
    Future<Long> overdue = store.sortedBelow(at.keys().timers(), now);
    return Future.all(conversations, overdue)
        .map(both -> new Taken(at.id(), epoch, conversations.result(), held, overdue.result()));
  }
}
