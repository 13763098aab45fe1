// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.security;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.InTurn;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Agents an operator locked out: durable in the field {@code disabled} of the agent's row, known in
 * memory on every node. A change reaches the other nodes by the wake-up {@code d:AGENT}, or at the
 * latest with the next {@link #refresh}. Thread-safe.
 */
public final class DisabledAgents {

  private static final String FIELD = "disabled";

  /** Flags read at once: a few milliseconds of an event loop. */
  private static final int AT_ONCE = 256;

  private record Locked(String workspace, String agent) {}

  private final Store store;
  private final Set<Locked> locked = ConcurrentHashMap.newKeySet();
  private final List<BiConsumer<String, Agent.Id>> listeners = new CopyOnWriteArrayList<>();

  public DisabledAgents(Store store) {
    this.store = store;
  }

  /** Tells {@code listener} (workspace, agent) each time somebody is locked out, on any node. */
  public void onDisabled(BiConsumer<String, Agent.Id> listener) {
    listeners.add(listener);
  }

  /** Whether this agent is locked out. */
  public boolean isDisabled(String workspace, Agent.Id agent) {
    return locked.contains(new Locked(workspace, agent.value()));
  }

  /** Locks an agent out or in; done when durable. Live polls and sockets end through listeners. */
  public Future<Void> set(Workspace workspace, Agent.Id agent, boolean disable) {
    Write write =
        disable
            ? new Write.HashSet(workspace.keys().agent(agent), FIELD, "1")
            : new Write.HashDelete(workspace.keys().agent(agent), FIELD);
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .write(write)
                .wake("d:" + agent)
                .wake("g")
                .build())
        .compose(
            result ->
                result instanceof CommitResult.Done
                    ? Future.<Void>succeededFuture()
                    : Future.failedFuture(
                        new StoreUnavailableException("the store refuses writes", false, null)))
        .onSuccess(done -> know(workspace.id(), agent, disable));
  }

  /** Reads all flags of a workspace anew. */
  public Future<Void> refresh(Workspace workspace) {
    return InTurn.all(
            List.copyOf(workspace.config().agents().keySet()),
            AT_ONCE,
            id -> refresh(workspace, new Agent.Id(id)))
        .mapEmpty();
  }

  /** Reads one flag anew. */
  public Future<Void> refresh(Workspace workspace, Agent.Id agent) {
    return store
        .hashGet(workspace.keys().agent(agent), FIELD)
        .onSuccess(flag -> know(workspace.id(), agent, flag != null))
        .mapEmpty();
  }

  /** Follows the changes other nodes make; the result ends it. */
  public Runnable follow(Workspace workspace) {
    return store.onWakeUp(
        workspace.id(),
        topics -> {
          for (String topic : topics) {
            Future<Void> read =
                topic.equals("*")
                    ? refresh(workspace)
                    : topic.startsWith("d:")
                        ? refresh(workspace, new Agent.Id(topic.substring(2)))
                        : Future.succeededFuture();
            read.onFailure(unread -> {}); // the next refresh reads it
          }
        });
  }

  private void know(String workspace, Agent.Id agent, boolean disabled) {
    Locked key = new Locked(workspace, agent.value());
    if (!disabled) {
      locked.remove(key);
    } else if (locked.add(key)) {
      listeners.forEach(listener -> listener.accept(workspace, agent));
    }
  }
}
