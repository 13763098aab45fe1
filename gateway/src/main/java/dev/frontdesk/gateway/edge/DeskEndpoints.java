// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.InTurn;
import dev.frontdesk.gateway.store.StoreClocks;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent's place: presence, the inbox it polls, the next conversation of the queue. */
final class DeskEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(DeskEndpoints.class);

  /** The longest time a poll is held (contract §5), seconds. */
  private static final int MAX_WAIT = 55;

  private static final int DEFAULT_WAIT = 25;

  /** Its conversation and its message. */
  private static final int COMMANDS_OF_A_CHANGE = 2;

  private final Rooms.Desk desk;
  private final Rooms.Conversations conversations;
  private final Idempotency idempotency;
  private final StoreClocks clocks;

  DeskEndpoints(
      Rooms.Desk desk,
      Rooms.Conversations conversations,
      Idempotency idempotency,
      StoreClocks clocks) {
    this.desk = desk;
    this.conversations = conversations;
    this.idempotency = idempotency;
    this.clocks = clocks;
  }

  Future<Answer> presence(Call call) {
    String name = call.json().only("presence").text("presence", 16);
    Agent.Presence presence =
        Arrays.stream(Agent.Presence.values())
            .filter(known -> known.label().equals(name))
            .findFirst()
            .orElseThrow(
                () -> JsonBody.malformed("presence is not available, busy, away or offline"));
    requireAgent(call);
    return desk.say(call.workspace(), call.agent(), presence)
        .map(done -> Answer.ok(new JsonObject().put("presence", presence.label())));
  }

  /**
   * Renews the lease when the poll opens and when it is answered. The answer does not wait for the
   * second one, which takes the store two round trips and a forced write: what fails there is made
   * up for by the next poll.
   */
  Future<Answer> poll(Call call, Future<?> closed) {
    call.onlyParameters("cursor", "wait");
    String cursor = call.idParameter("cursor");
    Duration wait = Duration.ofSeconds(call.number("wait", DEFAULT_WAIT, 0, MAX_WAIT));
    return renew(call)
        .compose(renewed -> desk.poll(call.workspace(), call.agent(), cursor, wait, closed))
        .onSuccess(page -> stillThere(call, closed))
        .compose(
            page ->
                page.changes().isEmpty()
                    ? shown(call, page)
                    : desk.inTurn(closed, () -> shown(call, page)));
  }

  private void stillThere(Call call, Future<?> closed) {
    if (!closed.isComplete()) {
      renew(call)
          .onFailure(
              cause ->
                  LOG.atDebug()
                      .addKeyValue(LogKeys.WORKSPACE, call.workspace().id())
                      .addKeyValue(LogKeys.AGENT, call.agent())
                      .setCause(cause)
                      .log("Lease was not renewed by the end of a poll"));
    }
  }

  private Future<Void> renew(Call call) {
    return call.workspace().agents().containsKey(call.agent())
        ? desk.renew(call.workspace(), call.agent())
        : Future.succeededFuture();
  }

  /**
   * A conversation that many changes are about is loaded once; of one that is gone only that it was
   * taken away is told.
   */
  private Future<Answer> shown(Call call, AgentInbox.Page page) {
    Map<Conversation.Id, Future<@Nullable Snapshot>> loads = new HashMap<>();
    return InTurn.all(
            page.changes(),
            PollTurns.COMMANDS / COMMANDS_OF_A_CHANGE,
            change ->
                shown(
                    call,
                    change,
                    loads.computeIfAbsent(
                        change.conversation(), id -> conversations.find(call.workspace(), id))))
        .map(
            changes -> {
              JsonArray shown = new JsonArray();
              changes.forEach(change -> change.ifPresent(shown::add));
              return Answer.ok(
                  new JsonObject()
                      .put("cursor", page.cursor())
                      .put("changes", shown)
                      .put("more", page.more()));
            });
  }

  private Future<Optional<JsonObject>> shown(
      Call call, AgentInbox.Change change, Future<@Nullable Snapshot> load) {
    Future<List<Message>> message =
        change.seq() > 0
            ? conversations.messages(
                call.workspace(), change.conversation(), change.seq(), change.seq())
            : Future.succeededFuture(List.of());
    return Future.all(load, message)
        .map(
            done ->
                Optional.ofNullable(load.result())
                    .map(found -> json(call, change, found, message.result()))
                    .or(() -> gone(call, change)));
  }

  private static Optional<JsonObject> gone(Call call, AgentInbox.Change change) {
    return change.type() == Effect.InboxRow.Change.REMOVED
        ? Optional.of(
            new JsonObject()
                .put("type", "removed")
                .put(
                    "conversation",
                    ConversationJson.erased(call.workspace().id(), change.conversation()))
                .put("reason", change.reason() == null ? "closed" : change.reason()))
        : Optional.empty();
  }

  private JsonObject json(
      Call call, AgentInbox.Change change, Snapshot found, List<Message> messages) {
    Conversation conversation = found.conversation();
    JsonObject json =
        new JsonObject()
            .put("type", change.type().name().toLowerCase(Locale.ROOT))
            .put(
                "conversation",
                ConversationJson.of(
                    call.workspace().id(),
                    conversation,
                    found.version(),
                    clocks.clock(call.workspace().id()).now()));
    if (!messages.isEmpty()) {
      json.put("message", ConversationJson.message(conversation.id(), messages.get(0)));
    }
    Conversation.Offer offer = conversation.offerTo(call.agent());
    if (offer != null) {
      json.put(
          "offer",
          new JsonObject()
              .put("id", offer.id())
              .put("expiresAt", ConversationJson.time(offer.expiresAt())));
    }
    return change.reason() == null ? json : json.put("reason", change.reason());
  }

  /** The assignment and its answer are remembered in one commit; that there was none, after it. */
  Future<Answer> take(Call call) {
    call.json().only();
    requireAgent(call);
    return idempotency.once(
        call,
        () ->
            desk.take(
                    call.workspace(),
                    call.agent(),
                    call.operation(
                        applied -> taken(call, applied), clocks.clock(call.workspace().id()).now()))
                .map(taken -> taken.map(o -> told(call, o)).orElse(Answer.NO_CONTENT)));
  }

  private Answer told(Call call, Outcome outcome) {
    return Outcomes.told(
        outcome, applied -> taken(call, applied), clocks.clock(call.workspace().id()).now());
  }

  private Answer taken(Call call, Outcome.Applied applied) {
    return Answer.ok(
        ConversationJson.of(
            call.workspace().id(),
            applied.conversation(),
            applied.version(),
            clocks.clock(call.workspace().id()).now()));
  }

  private static void requireAgent(Call call) {
    if (!call.workspace().agents().containsKey(call.agent())) {
      throw new GatewayException(
          GatewayException.Kind.FORBIDDEN, "forbidden", "you serve no queue in this workspace");
    }
  }
}
