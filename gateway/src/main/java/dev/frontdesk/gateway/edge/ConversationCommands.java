// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.ConversationEvent.AgentFence;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What people do with one conversation: reads the request, applies one event, tells the outcome.
 */
final class ConversationCommands {

  private static final int MAX_ID = 128;
  private static final int MAX_REASON = 1_024;

  /** The latest {@code retryAt}: past it one slip leaves an agent out for good. */
  static final Duration LONGEST_DECLINE = Duration.ofHours(24);

  /** The longest pause with an end: what is to come back in a year is a slip of the calendar. */
  static final Duration LONGEST_PAUSE = Duration.ofDays(366);

  /** A generation that nobody's presence has, so that the commit is refused. */
  private static final int GONE = -1;

  private final Rooms.Conversations conversations;
  private final Store store;

  ConversationCommands(Rooms.Conversations conversations, Store store) {
    this.conversations = conversations;
    this.store = store;
  }

  Future<Answer> accept(Call call) {
    JsonBody body = call.json().only("offer");
    return apply(call, new ConversationEvent.Accept(call.agent(), body.text("offer", MAX_ID)));
  }

  Future<Answer> decline(Call call) {
    JsonBody body = call.json().only("offer", "reason", "retryAt");
    return apply(
        call,
        new ConversationEvent.Decline(
            call.agent(),
            body.text("offer", MAX_ID),
            body.optionalText("reason", MAX_REASON),
            retryAt(call, body.optionalInstant("retryAt"))));
  }

  private @Nullable Instant retryAt(Call call, @Nullable Instant asked) {
    Instant latest = store.clock(call.workspace().id()).now().plus(LONGEST_DECLINE);
    if (asked != null && asked.isAfter(latest)) {
      throw new GatewayException(
          GatewayException.Kind.UNPROCESSABLE,
          "retry-at",
          "retryAt is too late, expected at most "
              + LONGEST_DECLINE.toHours()
              + " hours from now, "
              + latest.truncatedTo(ChronoUnit.SECONDS));
    }
    return asked;
  }

  Future<Answer> send(Call call) {
    JsonBody body = call.json().only("text", "content", "epoch");
    List<MessageContent> contents = List.of(content(body));
    long epoch = body.integer("epoch", 0, Long.MAX_VALUE);
    return apply(
        call,
        new ConversationEvent.Reply(call.author(), epoch, contents, call.operation()),
        applied -> message(call, applied));
  }

  Future<Answer> note(Call call) {
    JsonBody body = call.json().only("text", "content");
    return apply(call, new ConversationEvent.Note(call.author(), content(body), call.operation()));
  }

  private static MessageContent content(JsonBody body) {
    if (body.has("text") == body.has("content")) {
      throw JsonBody.malformed("the body has to have exactly one of text and content");
    }
    return body.has("text")
        ? new MessageContent.Text(body.visibleText("text", ContentJson.MAX_TEXT))
        : ContentJson.read(body.object("content"));
  }

  /** Shown to the customer where the channel can; may put off a return timer once. */
  Future<Answer> typing(Call call) {
    call.json().only();
    return apply(call, new ConversationEvent.Typing(call.agent()), applied -> Answer.NO_CONTENT)
        .onSuccess(told -> conversations.typing(call.conversation()));
  }

  Future<Answer> transfer(Call call) {
    JsonBody body = call.json().only("agent", "queue");
    String agent = body.optionalText("agent", MAX_ID);
    String queue = body.optionalText("queue", MAX_ID);
    if ((agent == null) == (queue == null)) {
      throw JsonBody.malformed("the body has to have exactly one of agent and queue");
    }
    if (queue != null) {
      requireQueue(call, queue);
      return apply(call, new ConversationEvent.Transfer(call.author(), null, 0, queue));
    }
    return fence(call, java.util.Objects.requireNonNull(agent))
        .compose(
            fence ->
                find(call)
                    .compose(
                        found ->
                            apply(
                                call,
                                new ConversationEvent.Transfer(
                                    call.author(), fence, cost(call, found), null))));
  }

  Future<Answer> pause(Call call) {
    JsonBody body = call.json().only("on", "until");
    String on = body.text("on", 16);
    Conversation.Pause.On reason =
        Arrays.stream(Conversation.Pause.On.values())
            .filter(known -> known.label().equals(on))
            .findFirst()
            .orElseThrow(() -> JsonBody.malformed("on is not one of customer, supplier, internal"));
    return apply(
        call,
        new ConversationEvent.Pause(
            call.author(), reason, until(call, body.optionalInstant("until"))));
  }

  private @Nullable Instant until(Call call, @Nullable Instant asked) {
    Instant now = store.clock(call.workspace().id()).now();
    if (asked != null && (!asked.isAfter(now) || asked.isAfter(now.plus(LONGEST_PAUSE)))) {
      throw new GatewayException(
          GatewayException.Kind.UNPROCESSABLE,
          "until",
          "until is "
              + (asked.isAfter(now) ? "too late" : "over")
              + ", expected later than now and at most "
              + LONGEST_PAUSE.toDays()
              + " days from now, "
              + now.plus(LONGEST_PAUSE).truncatedTo(ChronoUnit.SECONDS));
    }
    return asked;
  }

  Future<Answer> resume(Call call) {
    call.json().only();
    return apply(call, new ConversationEvent.Resume(call.author()));
  }

  Future<Answer> release(Call call) {
    call.json().only();
    return apply(call, new ConversationEvent.Release(call.author()));
  }

  /** Without an epoch in the body the present one is meant. */
  Future<Answer> resolve(Call call) {
    JsonBody body = call.json().only("code", "epoch");
    String code = body.optionalText("code", MAX_ID);
    Long epoch = body.optionalInteger("epoch", 0, Long.MAX_VALUE);
    Future<Long> seen =
        epoch == null
            ? find(call).map(found -> found.conversation().epoch())
            : Future.succeededFuture(epoch);
    return seen.compose(e -> apply(call, new ConversationEvent.Resolve(call.author(), e, code)));
  }

  Future<Answer> assign(Call call) {
    JsonBody body = call.json().only("agent");
    String agent = body.text("agent", MAX_ID);
    return fence(call, agent)
        .compose(fence -> find(call).compose(found -> apply(call, assignment(call, fence, found))));
  }

  private ConversationEvent assignment(Call call, AgentFence fence, Snapshot found) {
    ResponseClock clock = found.conversation().clock();
    long slack =
        clock == null
            ? 0
            : Duration.between(store.clock(call.workspace().id()).now(), clock.dueAt()).toMillis();
    return new ConversationEvent.Assign(
        fence,
        cost(call, found),
        call.author(),
        new ConversationEvent.Explanation("assign", List.of(fence.id().value()), slack),
        true);
  }

  Future<Answer> promise(Call call) {
    JsonBody body = call.json().only("promise");
    String promise = body.text("promise", MAX_ID);
    if (!call.workspace().terms().promises().containsKey(promise)) {
      throw unknown("promise", call.workspace().terms().promises().keySet());
    }
    return apply(call, new ConversationEvent.ChangePromise(call.author(), promise));
  }

  Future<Answer> acknowledge(Call call) {
    call.json().only();
    return apply(call, new ConversationEvent.Acknowledge(call.author()));
  }

  private Future<Answer> apply(Call call, ConversationEvent event) {
    return apply(call, event, applied -> conversation(call, applied));
  }

  private Future<Answer> apply(
      Call call, ConversationEvent event, Function<Outcome.Applied, Answer> answer) {
    return conversations
        .apply(
            call.workspace(),
            call.conversation(),
            event,
            call.operation(answer, store.clock(call.workspace().id()).now()))
        .map(outcome -> Outcomes.told(outcome, answer, store.clock(call.workspace().id()).now()));
  }

  private Answer conversation(Call call, Outcome.Applied applied) {
    return Answer.ok(
        ConversationJson.of(
            call.workspace().id(),
            applied.conversation(),
            applied.version(),
            store.clock(call.workspace().id()).now()));
  }

  private static Answer message(Call call, Outcome.Applied applied) {
    return Answer.of(201, ConversationJson.message(call.conversation(), applied.messages().get(0)));
  }

  private Future<Snapshot> find(Call call) {
    return conversations
        .find(call.workspace(), call.conversation())
        .map(ConversationCommands::there);
  }

  private static Snapshot there(@Nullable Snapshot found) {
    if (found == null) {
      throw Call.notFound();
    }
    return found;
  }

  private static int cost(Call call, Snapshot found) {
    Terms.Channel channel =
        call.workspace().terms().channels().get(found.conversation().contact().channel());
    return channel == null ? 1 : channel.cost();
  }

  /** The agent as it is now: the commit is refused when it is offline, or leaves meanwhile. */
  private Future<AgentFence> fence(Call call, String name) {
    Agent agent = call.workspace().agents().get(new Agent.Id(name));
    if (agent == null) {
      throw new GatewayException(
          GatewayException.Kind.UNPROCESSABLE,
          "unknown-agent",
          "agent is not one who serves a queue of this workspace");
    }
    return store
        .hashAll(call.workspace().keys().agent(agent.id()))
        .map(row -> new AgentFence(agent.id(), generation(AgentRow.of(row)), agent.capacity()));
  }

  private static int generation(AgentRow row) {
    return row.lease().presence() == Agent.Presence.OFFLINE ? GONE : row.lease().generation();
  }

  private static void requireQueue(Call call, String queue) {
    if (!call.workspace().config().queues().containsKey(queue)) {
      throw unknown("queue", call.workspace().config().queues().keySet());
    }
  }

  private static GatewayException unknown(String what, java.util.Collection<String> known) {
    return new GatewayException(
        GatewayException.Kind.UNPROCESSABLE,
        "unknown-" + what,
        what + " is not configured, expected one of " + known.stream().sorted().toList());
  }
}
