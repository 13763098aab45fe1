// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.customer.CustomerRow;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.ClockPolicy;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Hands;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.SendWindow;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.event.EventLetter;
import dev.frontdesk.gateway.report.AgentBoard;
import dev.frontdesk.gateway.report.ClockReport;
import dev.frontdesk.gateway.report.Dimension;
import dev.frontdesk.gateway.report.FirstResponseReport;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.timer.TimerLetter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rooms behind the edge, as plain maps; what was asked is kept to be looked at. */
final class FakeRooms
    implements Rooms.Conversations,
        Rooms.Desk,
        Rooms.Boards,
        Rooms.DeadLetters,
        Rooms.EventLetters,
        Rooms.TimerLetters,
        Rooms.Customers {

  static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");

  final Map<String, Map<Conversation.Id, Conversation>> conversations = new ConcurrentHashMap<>();
  final Map<Conversation.Id, List<Message>> messages = new ConcurrentHashMap<>();
  final Map<String, String[]> operations = new ConcurrentHashMap<>();
  final List<ConversationEvent> applied = new CopyOnWriteArrayList<>();
  final Map<String, String> deadLetters = new ConcurrentHashMap<>();
  final Map<String, EventLetter> eventLetters = new ConcurrentHashMap<>();
  final Map<String, TimerLetter> timerLetters = new ConcurrentHashMap<>();
  final Map<String, CustomerRow> customers = new ConcurrentHashMap<>();
  final List<String> renewed = new CopyOnWriteArrayList<>();

  /** Renewals that are done; those after them never are. */
  volatile int promptRenewals = Integer.MAX_VALUE;

  final AtomicInteger pollsClosed = new AtomicInteger();
  volatile @Nullable Refusal refusal;
  volatile Future<AgentInbox.Page> page =
      Future.succeededFuture(new AgentInbox.Page("e1.1-0", List.of(), false));
  volatile Optional<Conversation.Id> next = Optional.empty();

  Rooms rooms() {
    return new Rooms(this, this, this, this, this, this, this);
  }

  @Override
  public Future<@Nullable CustomerRow> find(Workspace workspace, String id) {
    return Future.succeededFuture(customers.get(id));
  }

  @Override
  public Future<CustomerRow> put(Workspace workspace, CustomerRow row) {
    customers.put(row.id(), row);
    return Future.succeededFuture(row);
  }

  @Override
  public Future<@Nullable Future<Void>> erase(Workspace workspace, String id) {
    return Future.succeededFuture(customers.remove(id) == null ? null : Future.succeededFuture());
  }

  /** A conversation of that workspace, owned by {@code owner}. */
  Conversation open(String workspace, String id, @Nullable Owner owner) {
    Conversation conversation = conversation(id, owner, NOW);
    put(workspace, conversation);
    messages.put(conversation.id(), List.of(message(1, "hello")));
    return conversation;
  }

  void put(String workspace, Conversation conversation) {
    conversations
        .computeIfAbsent(workspace, w -> new ConcurrentHashMap<>())
        .put(conversation.id(), conversation);
  }

  static Conversation conversation(String id, @Nullable Owner owner, Instant opened) {
    return new Conversation(
        new Conversation.Id(id),
        new ContactKey("hook", "u1", null),
        "webhook",
        "Zoë",
        "gold",
        owner == null ? Conversation.Stage.WAITING : Conversation.Stage.ASSIGNED,
        owner,
        3,
        new Triage(
            "support",
            "urgent",
            1,
            Map.of("refunds", 2),
            "zh",
            "complaint",
            "quality",
            List.of("a")),
        ResponseClock.start(1, opened, ClockPolicy.plain(Duration.ofHours(1), 0.75)),
        Map.of(),
        null,
        null,
        1,
        "hello",
        opened,
        opened,
        opened,
        opened,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        new SendWindow(opened.plus(Duration.ofHours(48)), 4),
        Map.of(),
        0,
        Map.of(),
        List.of(),
        List.of(),
        false,
        true,
        false,
        false,
        null,
        Hands.NONE,
        null);
  }

  static Message message(int seq, String text) {
    return new Message(
        seq,
        Message.Direction.INBOUND,
        new Author(Author.Kind.CUSTOMER, "u1", "Zoë"),
        new MessageContent.Text(text),
        "ext-" + seq,
        null,
        NOW,
        NOW,
        0,
        null,
        null,
        null,
        false);
  }

  @Override
  public void typing(Conversation.Id id) {}

  @Override
  public Future<Outcome> apply(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation) {
    Conversation found = conversations.getOrDefault(workspace.id(), Map.of()).get(id);
    if (found == null) {
      return Future.succeededFuture(new Outcome.NotFound());
    }
    Refusal why = refusal;
    if (why != null) {
      return Future.succeededFuture(new Outcome.Refused(why, found, 7));
    }
    if (operation != null) {
      String[] known = operations.get(operation.operation().id());
      if (known != null) {
        return Future.succeededFuture(
            known[0].equals(operation.operation().digest())
                ? new Outcome.Replayed(known[1])
                : new Outcome.Reused());
      }
    }
    applied.add(event);
    Outcome.Applied outcome = new Outcome.Applied(found, 8, List.of(message(2, "answer")));
    if (operation != null) {
      operations.put(
          operation.operation().id(),
          new String[] {operation.operation().digest(), operation.answer().apply(outcome)});
    }
    return Future.succeededFuture(outcome);
  }

  @Override
  public Future<@Nullable Snapshot> find(Workspace workspace, Conversation.Id id) {
    Conversation found = conversations.getOrDefault(workspace.id(), Map.of()).get(id);
    return Future.succeededFuture(found == null ? null : new Snapshot(found, 7));
  }

  @Override
  public Future<List<Message>> messages(Workspace workspace, Conversation.Id id, int from, int to) {
    return Future.succeededFuture(
        messages.getOrDefault(id, List.of()).stream()
            .filter(m -> m.seq() >= from && m.seq() <= to)
            .toList());
  }

  @Override
  public Future<AgentInbox.Page> poll(
      Workspace workspace,
      Agent.Id agent,
      @Nullable String cursor,
      Duration wait,
      Future<?> closed) {
    closed.onComplete(done -> pollsClosed.incrementAndGet());
    return page;
  }

  @Override
  public <T> Future<T> inTurn(Future<?> closed, Supplier<Future<T>> work) {
    return work.get();
  }

  /** Polls are answered when the promise is. */
  Promise<AgentInbox.Page> holdPolls() {
    Promise<AgentInbox.Page> promise = Promise.promise();
    page = promise.future();
    return promise;
  }

  @Override
  public Future<?> say(Workspace workspace, Agent.Id agent, Agent.Presence presence) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> renew(Workspace workspace, Agent.Id agent) {
    renewed.add(agent.value());
    return renewed.size() > promptRenewals
        ? Promise.<Void>promise().future()
        : Future.succeededFuture();
  }

  @Override
  public Future<Optional<Outcome>> take(
      Workspace workspace, Agent.Id agent, @Nullable OperationRequest operation) {
    Optional<Conversation.Id> taken = next;
    next = Optional.empty();
    return Future.succeededFuture(
        taken.map(
            id -> new Outcome.Applied(conversations.get(workspace.id()).get(id), 8, List.of())));
  }

  @Override
  public Future<List<QueueBoard.Row>> queue(Workspace workspace) {
    return Future.succeededFuture(
        List.of(
            new QueueBoard.Row("support", "urgent", 3, 1, 1, 40),
            new QueueBoard.Row("support", "low", 2, 0, 0, 90)));
  }

  @Override
  public Future<List<AgentBoard.Row>> agents(Workspace workspace) {
    return Future.succeededFuture(
        List.of(
            new AgentBoard.Row(
                new Agent.Id("alice"), Agent.Presence.AVAILABLE, 1, 4, 1, 5, 3.5, 0)));
  }

  @Override
  public Future<List<ClockReport.Row>> clocks(
      Workspace workspace, ClockKind clock, Instant from, Instant to) {
    return Future.succeededFuture(List.of(new ClockReport.Row("urgent", 3, 1, 0, 0.75, 1, 2, 3)));
  }

  @Override
  public Future<List<FirstResponseReport.Row>> firstResponse(
      Workspace workspace, Instant from, Instant to, Dimension by) {
    return Future.succeededFuture(
        List.of(
            new FirstResponseReport.Row(by.label(), 4, 3, 1, 0.75, 1, 2, 3),
            new FirstResponseReport.Row("none", 0, 0, 0, null, 0, 0, 0)));
  }

  @Override
  public Future<Map<String, String>> list(Workspace workspace) {
    return Future.succeededFuture(Map.copyOf(deadLetters));
  }

  @Override
  public Future<Boolean> retry(Workspace workspace, Conversation.Id conversation, int seq) {
    return delete(workspace, conversation, seq);
  }

  @Override
  public Future<Boolean> delete(Workspace workspace, Conversation.Id conversation, int seq) {
    return Future.succeededFuture(deadLetters.remove(conversation + "." + seq) != null);
  }

  @Override
  public Future<List<EventLetter>> events(Workspace workspace) {
    return Future.succeededFuture(List.copyOf(eventLetters.values()));
  }

  @Override
  public Future<Boolean> retryEvent(Workspace workspace, String id) {
    return deleteEvent(workspace, id);
  }

  @Override
  public Future<Boolean> deleteEvent(Workspace workspace, String id) {
    return Future.succeededFuture(eventLetters.remove(id) != null);
  }

  @Override
  public Future<List<TimerLetter>> timers(Workspace workspace) {
    return Future.succeededFuture(List.copyOf(timerLetters.values()));
  }

  @Override
  public Future<Boolean> retryTimer(Workspace workspace, String id) {
    return deleteTimer(workspace, id);
  }

  @Override
  public Future<Boolean> deleteTimer(Workspace workspace, String id) {
    return Future.succeededFuture(timerLetters.remove(id) != null);
  }
}
