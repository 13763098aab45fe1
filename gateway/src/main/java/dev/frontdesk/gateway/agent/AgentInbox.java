// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.InTurn;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StreamEntry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes an agent polls for.
 *
 * <ol>
 *   <li>At least once, in the order of storing, without a gap: the same cursor gives the same
 *       changes again, whoever asks, however often.
 *   <li>A place that can no longer be continued without a gap is GONE {@code resync-required}: the
 *       client begins again without a cursor.
 *   <li>Several devices of one agent each have their own cursor and see the same.
 * </ol>
 *
 * Thread-safe; futures complete on the caller's context.
 */
public final class AgentInbox {

  /** Changes of one answer, also of a snapshot (contract §5). */
  static final int PAGE = 200;

  private final Store store;
  private final Conversations conversations;
  private final InboxWaiters waiters;
  private final PollTurns turns;

  /** The inbox of all agents of all workspaces. */
  public AgentInbox(
      Store store, Conversations conversations, InboxWaiters waiters, PollTurns turns) {
    this.store = store;
    this.conversations = conversations;
    this.waiters = waiters;
    this.turns = turns;
  }

  /** What a snapshot asks: {@code service::find}. */
  @FunctionalInterface
  public interface Conversations {
    /** The conversation as it is now, or null. */
    Future<ConversationService.@Nullable Snapshot> find(Workspace workspace, Conversation.Id id);
  }

  /** Changes in order; {@code more}: ask again at once. */
  public record Page(String cursor, List<Change> changes, boolean more) {
    public Page {
      changes = List.copyOf(changes);
    }
  }

  /**
   * One change; it names what changed, not what it changed to.
   *
   * @param seq the message it is about, or 0
   * @param reason why a conversation was removed, or null
   */
  public record Change(
      Effect.InboxRow.Change type,
      Conversation.Id conversation,
      int seq,
      @Nullable String reason) {}

  /**
   * Changes after {@code cursor}: those there are, else the first ones to come, else none after
   * {@code wait}. Without a cursor a snapshot of what the agent holds, at once. What there is, is
   * read when it is this poll's turn; {@code wait} counts from then.
   *
   * @param closed completes when nobody waits for the answer any more; ends the wait
   * @return fails with MALFORMED, GONE, or UNAVAILABLE when too many polls wait
   */
  public Future<Page> poll(
      Workspace workspace,
      Agent.Id agent,
      @Nullable String cursor,
      Duration wait,
      Future<?> closed) {
    String epoch = InboxCursor.epochOf(store.epoch(workspace.id()));
    if (cursor == null) {
      return turns.take(
          closed,
          () ->
              start(workspace, agent, epoch).compose(from -> snapshot(workspace, agent, from, "")));
    }
    InboxCursor from;
    try {
      from = InboxCursor.parse(cursor);
    } catch (GatewayException e) {
      return Future.failedFuture(e);
    }
    if (!from.epoch().equals(epoch)) {
      return Future.failedFuture(resync("it is of another incarnation of the store"));
    }
    String after = from.after();
    if (after != null) {
      return turns.take(closed, () -> snapshot(workspace, agent, from, after));
    }
    return turns
        .take(closed, () -> read(workspace, agent, from))
        .compose(
            page ->
                !page.changes().isEmpty() || page.more() || wait.isZero()
                    ? Future.succeededFuture(page)
                    : waiters.await(workspace, agent, from, wait, closed));
  }

  /** Ends the waits of an agent with an empty answer: its token no longer counts. */
  public void end(Workspace workspace, Agent.Id agent) {
    waiters.end(workspace, agent);
  }

  /**
   * The place is taken before the snapshot is read: what happens between comes twice, not never.
   */
  private Future<InboxCursor> start(Workspace workspace, Agent.Id agent, String epoch) {
    return store
        .streamLast(workspace.keys().inbox(agent))
        .map(last -> new InboxCursor(epoch, last == null ? InboxCursor.NO_ROW : last.id(), null));
  }

  private Future<Page> snapshot(
      Workspace workspace, Agent.Id agent, InboxCursor from, String after) {
    return store
        .hashAll(workspace.keys().agentLoad(agent))
        .map(
            charged ->
                charged.keySet().stream()
                    .filter(id -> id.compareTo(after) > 0)
                    .sorted()
                    .limit(PAGE + 1L)
                    .toList())
        .compose(
            ids -> {
              boolean more = ids.size() > PAGE;
              List<String> shown = more ? ids.subList(0, PAGE) : ids;
              InboxCursor next =
                  more ? from.snapshotAfter(shown.get(PAGE - 1)) : from.at(from.row());
              return held(workspace, agent, shown)
                  .map(changes -> new Page(next.encode(), changes, more));
            });
  }

  private Future<List<Change>> held(Workspace workspace, Agent.Id agent, List<String> ids) {
    return InTurn.all(
            ids,
            PollTurns.COMMANDS,
            id ->
                conversations
                    .find(workspace, new Conversation.Id(id))
                    .map(snapshot -> asChange(agent, snapshot)))
        .map(found -> found.stream().flatMap(Optional::stream).toList());
  }

  private static Optional<Change> asChange(
      Agent.Id agent, ConversationService.@Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    Conversation conversation = snapshot.conversation();
    boolean offered = conversation.offerTo(agent) != null;
    boolean owned = conversation.owner() != null && conversation.owner().is(agent);
    if (!offered && !owned) {
      return Optional.empty();
    }
    return Optional.of(
        new Change(
            offered ? Effect.InboxRow.Change.OFFERED : Effect.InboxRow.Change.ASSIGNED,
            conversation.id(),
            0,
            null));
  }

  /** Nearly every poll has seen the last row: one command tells. */
  private Future<Page> read(Workspace workspace, Agent.Id agent, InboxCursor from) {
    return store
        .streamLast(workspace.keys().inbox(agent))
        .compose(
            last -> {
              int ahead =
                  InboxCursor.compareRows(
                      from.row(), last == null ? InboxCursor.NO_ROW : last.id());
              if (ahead > 0) {
                return Future.failedFuture(resync("what came before it was lost"));
              }
              return ahead == 0
                  ? Future.succeededFuture(page(from, List.of()))
                  : following(workspace, agent, from);
            });
  }

  /** What there is after a place, after making sure that nothing between was trimmed. */
  private Future<Page> following(Workspace workspace, Agent.Id agent, InboxCursor from) {
    var key = workspace.keys().inbox(agent);
    Future<List<StreamEntry>> rows = store.stream(key, from.row(), PAGE + 1);
    Future<@Nullable StreamEntry> first = store.streamFirst(key);
    return Future.all(rows, first)
        .compose(done -> continues(workspace, agent, from, first.result()))
        .map(
            continues -> {
              if (!continues) {
                throw resync("what follows it is no longer kept");
              }
              return page(from, rows.result());
            });
  }

  private Future<Boolean> continues(
      Workspace workspace, Agent.Id agent, InboxCursor from, @Nullable StreamEntry first) {
    if (first != null && InboxCursor.compareRows(from.row(), first.id()) >= 0) {
      return Future.succeededFuture(true);
    }
    return first != null && from.row().equals(InboxCursor.NO_ROW)
        ? untrimmed(workspace, agent)
        : Future.succeededFuture(false);
  }

  /** A stream below its bound was never trimmed, so it still begins with the first row ever. */
  private Future<Boolean> untrimmed(Workspace workspace, Agent.Id agent) {
    return store.stream(workspace.keys().inbox(agent), "0", RedisKeys.INBOX_LENGTH)
        .map(all -> all.size() < RedisKeys.INBOX_LENGTH);
  }

  /** The page that rows make; unreadable ones are skipped, the place moves past them. */
  static Page page(InboxCursor from, List<StreamEntry> rows) {
    boolean more = rows.size() > PAGE;
    List<StreamEntry> shown = more ? rows.subList(0, PAGE) : rows;
    List<Change> changes =
        shown.stream().map(row -> InboxRow.decode(row.value())).flatMap(Optional::stream).toList();
    String at = shown.isEmpty() ? from.row() : shown.get(shown.size() - 1).id();
    return new Page(from.at(at).encode(), changes, more);
  }

  private static GatewayException resync(String why) {
    return new GatewayException(
        GatewayException.Kind.GONE,
        "resync-required",
        "cursor cannot be continued: " + why + "; ask again without a cursor");
  }
}
