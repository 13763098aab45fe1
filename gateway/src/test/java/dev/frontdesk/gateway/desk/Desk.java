// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.desk;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.gateway.conversation.FencedCommands;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A workspace whose conversations know only waiting, offered and assigned; enough for rooms that
 * give commands, with the rows and guards of the real commits.
 */
public final class Desk implements FencedCommands {

  public final VirtualTime time = new VirtualTime();
  public final PlainStore store = new PlainStore(time);
  public final RedisKeys keys = new RedisKeys("acme");
  public final List<ConversationEvent> applied = new ArrayList<>();
  public final Map<String, String> offeredTo = new LinkedHashMap<>();
  public final List<Promise<Void>> held = new ArrayList<>();
  public boolean holding;
  public Workspace workspace;
  private final Map<String, Bucket> waiting = new HashMap<>();
  private final Map<String, Boolean> late = new HashMap<>();
  private final Map<Agent.Id, Agent> agents = new LinkedHashMap<>();
  private final FrontdeskConfig.Workspace config;

  public Desk(String policy) {
    String yaml =
        """
        workspaces:
          acme:
            promises: { urgent: { firstResponse: 1m }, normal: { firstResponse: 10m } }
            defaults: { queue: support, promise: normal }
            queues: { support: {}, sales: {} }
            routing: { policy: POLICY }
        """
            .replace("POLICY", policy);
    config =
        new ConfigLoader(Map.of(), name -> null, RuleCheck.none())
            .parse(yaml)
            .config()
            .workspaces()
            .get("acme");
    rebuild();
  }

  private void rebuild() {
    FrontdeskConfig.Routing routing = config.routing();
    workspace =
        new Workspace(
            "acme",
            config,
            null,
            null,
            agents,
            RoutingPolicy.named(routing.policy(), routing.lateShare().value(), routing.hardBound()),
            keys);
  }

  public Agent hire(String id, int capacity) {
    return hire(new Agent(new Agent.Id(id), List.of("support"), Map.of(), List.of(), capacity));
  }

  public Agent hire(Agent agent) {
    agents.put(agent.id(), agent);
    rebuild();
    return agent;
  }

  /** The agent is there, its lease far from over. */
  public void seat(Agent agent) {
    seatUnheard(agent);
    store.wake("g", "a:" + agent.id());
  }

  /** The agent is there, and the hint that says so is lost. */
  public void seatUnheard(Agent agent) {
    store.write(new Write.HashSet(keys.agent(agent.id()), "presence", "available"));
    store.write(new Write.HashSet(keys.agent(agent.id()), "gen", "1"));
    store.write(
        new Write.HashSet(
            keys.agent(agent.id()),
            "until",
            String.valueOf(time.now().plus(Duration.ofDays(1)).toEpochMilli())));
  }

  public void queue(String id, String promise, Duration target) {
    queue(id, new Bucket("support", promise, Map.of()), false, time.now().plus(target), Map.of());
    store.wake("q");
  }

  public void queue(
      String id, Bucket bucket, boolean isLate, Instant due, Map<String, Instant> declined) {
    queue(id, bucket, isLate, due, 1, declined);
  }

  /** One that costs so much, and nobody is told. */
  public void queue(String id, Bucket bucket, int cost, Instant due) {
    queue(id, bucket, false, due, cost, Map.of());
  }

  private void queue(
      String id,
      Bucket bucket,
      boolean isLate,
      Instant due,
      int cost,
      Map<String, Instant> declined) {
    waiting.put(id, bucket);
    late.put(id, isLate);
    JsonObject row =
        new JsonObject()
            .put("c", cost)
            .put("a", time.now().toEpochMilli())
            .put("due", due.toEpochMilli())
            .put("pr", 5);
    JsonObject pauses = new JsonObject();
    declined.forEach((agent, until) -> pauses.put(agent, until.toEpochMilli()));
    row.put("d", pauses);
    double score = workspace.policy().score(due, 5, time.now());
    store.write(new Write.SortedAdd(keys.bucket(bucket.id(), isLate), id, score));
    store.write(new Write.HashAdd(keys.buckets(), bucket.id(), 1));
    store.write(new Write.HashSet(keys.queueRows(), id, row.encode()));
  }

  @Override
  public Future<Outcome> apply(
      Workspace in, Conversation.Id id, ConversationEvent event, OperationRequest operation) {
    Promise<Void> go = Promise.promise();
    if (holding) {
      held.add(go);
    } else {
      go.complete();
    }
    return go.future().compose(v -> now(id, event));
  }

  @Override
  public Future<Outcome> apply(
      Workspace in,
      Conversation.Id id,
      ConversationEvent event,
      OperationRequest operation,
      List<Guard> fences) {
    Promise<Void> go = Promise.promise();
    if (holding) {
      held.add(go);
    } else {
      go.complete();
    }
    Commit.Builder fence = Commit.of("acme", time.now(), Commit.Urgency.RELEASING);
    fences.forEach(fence::guard);
    return go.future()
        .compose(v -> store.commit(fence.build()))
        .compose(
            result ->
                result instanceof CommitResult.Done
                    ? now(id, event)
                    : refused(Refusal.Code.STALE_SESSION));
  }

  private Future<Outcome> now(Conversation.Id id, ConversationEvent event) {
    applied.add(event);
    if (event instanceof ConversationEvent.Offer offer) {
      return charge(id, offer.agent(), offer.cost());
    } else if (event instanceof ConversationEvent.Assign assign) {
      return charge(id, assign.agent(), assign.cost());
    }
    return Future.succeededFuture(new Outcome.Applied(null, 1, List.of()));
  }

  private Future<Outcome> charge(Conversation.Id id, ConversationEvent.AgentFence fence, int cost) {
    Bucket bucket = waiting.get(id.value());
    if (bucket == null) {
      return refused(Refusal.Code.WRONG_STATE);
    }
    var key = keys.agent(fence.id());
    Commit commit =
        Commit.of("acme", time.now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Equals(key, "gen", String.valueOf(fence.generation())))
            .guard(new Guard.AtLeast(key, "until", time.now().toEpochMilli()))
            .guard(new Guard.Within(key, "load", cost, fence.capacity()))
            .write(new Write.HashAdd(key, "load", cost))
            .write(new Write.HashSet(keys.agentLoad(fence.id()), id.value(), "" + cost))
            .write(
                new Write.SortedRemove(keys.bucket(bucket.id(), late.get(id.value())), id.value()))
            .write(new Write.HashAdd(keys.buckets(), bucket.id(), -1))
            .write(new Write.HashDelete(keys.queueRows(), id.value()))
            .wake(List.of("g", "a:" + fence.id()))
            .build();
    return store
        .commit(commit)
        .compose(
            result -> {
              if (!(result instanceof CommitResult.Done)) {
                return refused(Refusal.Code.NO_CAPACITY);
              }
              waiting.remove(id.value());
              offeredTo.put(id.value(), fence.id().value());
              return Future.succeededFuture(new Outcome.Applied(null, 1, List.of()));
            });
  }

  private static Future<Outcome> refused(Refusal.Code code) {
    return Future.succeededFuture(new Outcome.Refused(new Refusal(code, "no"), null, 1));
  }

  /** The agent is done with it. */
  public void release(String id, Agent agent) {
    store.write(new Write.HashAdd(keys.agent(agent.id()), "load", -1));
    store.write(new Write.HashDelete(keys.agentLoad(agent.id()), id));
    store.wake("g", "a:" + agent.id());
  }

  /** A change in an agent's inbox, as commits write it. */
  public void tell(Agent.Id agent, Effect.InboxRow.Change type, String conversation, int seq) {
    Commit commit =
        Commit.of("acme", time.now(), Commit.Urgency.RELEASING)
            .write(
                new Write.Append(
                    keys.inbox(agent),
                    new JsonObject()
                        .put("t", type.name().toLowerCase(java.util.Locale.ROOT))
                        .put("c", conversation)
                        .put("s", seq)
                        .encode(),
                    RedisKeys.INBOX_LENGTH))
            .wake("a:" + agent)
            .build();
    Future<CommitResult> told = store.commit(commit);
    assert told.succeeded();
  }

  /** Results are there at once: the store answers at once. */
  public static <T> T now(Future<T> future) {
    if (!future.isComplete()) {
      throw new AssertionError("not complete");
    }
    if (future.failed()) {
      throw new AssertionError(future.cause());
    }
    return future.result();
  }
}
