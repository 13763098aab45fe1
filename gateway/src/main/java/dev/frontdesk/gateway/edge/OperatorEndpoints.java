// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.event.EventLetter;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.timer.TimerLetter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What operators do: dead letters, channels, locking agents out and in. */
final class OperatorEndpoints {

  private final Rooms.DeadLetters deadLetters;
  private final Rooms.EventLetters eventLetters;
  private final Rooms.TimerLetters timerLetters;
  private final DisabledAgents disabled;
  private final Idempotency idempotency;

  OperatorEndpoints(Rooms rooms, DisabledAgents disabled, Idempotency idempotency) {
    this.deadLetters = rooms.deadLetters();
    this.eventLetters = rooms.eventLetters();
    this.timerLetters = rooms.timerLetters();
    this.disabled = disabled;
    this.idempotency = idempotency;
  }

  Future<Answer> channels(Call call) {
    call.onlyParameters();
    JsonArray channels = new JsonArray();
    new TreeMap<>(call.workspace().terms().channels())
        .values()
        .forEach(
            channel ->
                channels.add(
                    new JsonObject()
                        .put("id", channel.id())
                        .put("connector", channel.connector())
                        .put("family", channel.family())
                        .put("cost", channel.cost())
                        .put("bot", channel.bot())));
    return Future.succeededFuture(Answer.ok(new JsonObject().put("channels", channels)));
  }

  Future<Answer> disable(Call call) {
    return lock(call, true);
  }

  Future<Answer> enable(Call call) {
    return lock(call, false);
  }

  private Future<Answer> lock(Call call, boolean disable) {
    call.json().only();
    Agent.Id agent = new Agent.Id(call.id());
    if (!call.workspace().config().agents().containsKey(agent.value())) {
      throw Call.notFound();
    }
    if (disable && agent.equals(call.agent())) {
      throw new GatewayException(
          GatewayException.Kind.CONFLICT,
          "own-access",
          "nobody locks themselves out: the last operator would be gone for good; expected another"
              + " operator to do it");
    }
    return idempotency.once(
        call,
        () ->
            disabled
                .set(call.workspace(), agent, disable)
                .map(
                    done ->
                        Answer.ok(
                            new JsonObject().put("id", agent.value()).put("disabled", disable))));
  }

  Future<Answer> deadLetters(Call call) {
    call.onlyParameters();
    Future<Map<String, String>> messages = deadLetters.list(call.workspace());
    Future<List<EventLetter>> events = eventLetters.events(call.workspace());
    Future<List<TimerLetter>> timers = timerLetters.timers(call.workspace());
    return Future.all(messages, events, timers)
        .map(
            done -> {
              JsonArray letters = rows(messages.result());
              events.result().forEach(letter -> letters.add(row(letter)));
              timers.result().forEach(letter -> letters.add(row(letter)));
              return Answer.ok(new JsonObject().put("deadLetters", letters));
            });
  }

  private static JsonObject row(EventLetter letter) {
    return new JsonObject()
        .put("id", letter.id())
        .put("kind", "event")
        .put("conversation", letter.row().conversation().value())
        .put("endpoint", letter.endpoint())
        .put("type", letter.row().type())
        .put("at", ConversationJson.time(letter.at()))
        .put("reason", letter.reason());
  }

  private static JsonObject row(TimerLetter letter) {
    JsonObject row = new JsonObject().put("id", letter.id()).put("kind", "timer");
    letter.conversation().ifPresent(id -> row.put("conversation", id.value()));
    return row.put("timer", letter.member())
        .put("at", ConversationJson.time(letter.at()))
        .put("reason", letter.reason());
  }

  private static JsonArray rows(Map<String, String> rows) {
    JsonArray letters = new JsonArray();
    new TreeMap<>(rows)
        .forEach(
            (id, reason) -> {
              DeadLetterId letter = DeadLetterId.parse(id);
              letters.add(
                  new JsonObject()
                      .put("id", id)
                      .put("kind", "message")
                      .put("conversation", letter.conversation().value())
                      .put("seq", letter.seq())
                      .put("reason", reason));
            });
    return letters;
  }

  Future<Answer> retry(Call call) {
    call.json().only();
    return idempotency.once(
        call,
        () ->
            change(
                    call,
                    (id, seq) -> deadLetters.retry(call.workspace(), id, seq),
                    id -> eventLetters.retryEvent(call.workspace(), id),
                    id -> timerLetters.retryTimer(call.workspace(), id))
                .map(
                    done ->
                        new Answer(202, new JsonObject().put("id", call.id()).toBuffer(), false)));
  }

  Future<Answer> delete(Call call) {
    call.onlyParameters();
    return change(
            call,
            (id, seq) -> deadLetters.delete(call.workspace(), id, seq),
            id -> eventLetters.deleteEvent(call.workspace(), id),
            id -> timerLetters.deleteTimer(call.workspace(), id))
        .map(Answer.NO_CONTENT);
  }

  private static Future<Void> change(
      Call call,
      BiFunction<Conversation.Id, Integer, Future<Boolean>> message,
      Function<String, Future<Boolean>> event,
      Function<String, Future<Boolean>> timer) {
    String id = call.id();
    Future<Boolean> changed;
    if (EventLetter.isOne(id)) {
      changed = event.apply(id);
    } else if (TimerLetter.isOne(id)) {
      changed = timer.apply(id);
    } else {
      DeadLetterId letter = DeadLetterId.parse(id);
      changed = message.apply(letter.conversation(), letter.seq());
    }
    return changed.map(
        found -> {
          if (!found) {
            throw Call.notFound();
          }
          return null;
        });
  }

  /** The id of a dead letter is that of its message: {@code CONVERSATION.SEQ}. */
  private record DeadLetterId(Conversation.Id conversation, int seq) {
    static DeadLetterId parse(String id) {
      int dot = id.lastIndexOf('.');
      try {
        return new DeadLetterId(
            new Conversation.Id(id.substring(0, Math.max(dot, 0))),
            Integer.parseInt(id.substring(dot + 1)));
      } catch (NumberFormatException e) {
        throw Call.notFound();
      }
    }
  }
}
