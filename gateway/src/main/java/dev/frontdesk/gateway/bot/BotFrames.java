// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.edge.ContentJson;
import dev.frontdesk.gateway.edge.ErrorMapper;
import dev.frontdesk.gateway.edge.JsonBody;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.socket.Frames;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a bot may say (public contract, section 6): each frame becomes one command, fenced by the
 * session's pin on the conversation, and is answered with {@code done} or {@code error}.
 */
final class BotFrames {

  private static final String DONE = "done";
  private static final int MAX_CONTENTS = 10;
  private static final int MAX_WORDS = 256;
  private static final int MAX_SUMMARY = 4_000;
  private static final int MAX_SKILLS = 16;

  private final Supplier<Workspace> workspaces;
  private final String bot;
  private final Store store;
  private final ConversationService conversations;
  private final Consumer<Conversation.Id> typing;
  private final Map<String, Function<Said, Future<Void>>> kinds =
      Map.of(
          "ack", this::acknowledge,
          "reply", this::reply,
          "typing", this::typing,
          "resolve", this::resolve,
          "handoff", this::handOff);

  BotFrames(
      Supplier<Workspace> workspaces,
      String bot,
      Store store,
      ConversationService conversations,
      Consumer<Conversation.Id> typing) {
    this.workspaces = workspaces;
    this.bot = bot;
    this.store = store;
    this.conversations = conversations;
    this.typing = typing;
  }

  /** Does what a frame says; the future ends when it is done and answered, and never fails. */
  Future<Void> receive(BotSession session, String text) {
    return Frames.dispatch(
            text, kinds, (handler, frame) -> handler.apply(new Said(session, frame, text)))
        .recover(
            failure -> {
              session.send(Frames.error(text, ErrorMapper.problem(failure)));
              return Future.succeededFuture();
            });
  }

  /** Removes exactly that frame, if this session still holds its conversation. */
  private Future<Void> acknowledge(Said said) {
    JsonBody frame = said.frame();
    frame.only("type", "cursor");
    BotCursor cursor =
        BotCursor.parse(Frames.id(frame, "cursor"))
            .orElseThrow(() -> Frames.malformed("cursor is none that was given out"));
    return store
        .commit(
            Commit.of(
                    workspaces.get().id(),
                    store.clock(workspaces.get().id()).now(),
                    Commit.Urgency.RELEASING)
                .guard(pinned(said.session(), cursor.conversation()))
                .write(
                    new Write.SortedRemove(workspaces.get().keys().botFrames(bot), cursor.member()))
                .build())
        .map(
            result -> {
              // a conflict: the conversation left this session, and its frames with it
              said.session().acknowledged(cursor);
              return null;
            });
  }

  private Future<Void> reply(Said said) {
    JsonBody frame = said.frame();
    frame.only("type", "id", "for", "conversation", "epoch", "contents");
    String frameOf = frame.has("for") ? "bot-frame:" + bot + ":" + frameOf(frame).text() : null;
    List<MessageContent> contents =
        frame.objects("contents", 1, MAX_CONTENTS).stream().map(ContentJson::read).toList();
    Operation operation = operation(said);
    return apply(
        said,
        new ConversationEvent.Reply(Author.bot(bot), epoch(frame), contents, operation),
        operation,
        frameOf);
  }

  /** The frame a reply is for: each gets one. */
  private static BotCursor frameOf(JsonBody frame) {
    return BotCursor.parse(Frames.id(frame, "for"))
        .filter(cursor -> cursor.conversation().equals(conversation(frame)))
        .orElseThrow(() -> Frames.malformed("for is no cursor of this conversation"));
  }

  private Future<Void> resolve(Said said) {
    JsonBody frame = said.frame();
    frame.only("type", "id", "conversation", "epoch");
    return apply(
        said, new ConversationEvent.Resolve(Author.bot(bot), epoch(frame), null), operation(said));
  }

  private Future<Void> handOff(Said said) {
    JsonBody frame = said.frame();
    frame.only(
        "type", "id", "conversation", "epoch", "reason", "queue", "skills", "promise", "summary");
    String queue = known(frame, "queue", workspaces.get().config().queues());
    String promise = known(frame, "promise", workspaces.get().config().promises());
    return apply(
        said,
        new ConversationEvent.HandOff(
            bot,
            epoch(frame),
            frame.has("reason") ? frame.text("reason", MAX_WORDS) : "bot",
            queue,
            frame.has("skills") ? frame.levels("skills", MAX_SKILLS) : Map.of(),
            promise,
            frame.optionalText("summary", MAX_SUMMARY)),
        operation(said));
  }

  private Future<Void> typing(Said said) {
    JsonBody frame = said.frame();
    frame.only("type", "conversation");
    Conversation.Id conversation = conversation(frame);
    return store
        .hashGet(workspaces.get().keys().botOwned(bot), conversation.value())
        .map(
            owned -> {
              if (owned != null) {
                typing.accept(conversation);
              }
              return null;
            });
  }

  private Future<Void> apply(Said said, ConversationEvent event, Operation operation) {
    return apply(said, event, operation, null);
  }

  private Future<Void> apply(
      Said said, ConversationEvent event, Operation operation, @Nullable String once) {
    String id = Frames.id(said.frame(), "id");
    Conversation.Id conversation = conversation(said.frame());
    return conversations
        .apply(
            workspaces.get(),
            conversation,
            event,
            new OperationRequest(
                operation, applied -> DONE, refused -> problem(refused).toJson().encode(), once),
            List.of(pinned(said.session(), conversation)))
        .map(
            outcome -> {
              said.session().send(told(id, outcome));
              return null;
            });
  }

  private JsonObject told(String id, Outcome outcome) {
    if (outcome instanceof Outcome.Refused refused) {
      return Frames.failed(id, problem(refused));
    }
    if (outcome instanceof Outcome.NotFound) {
      return Frames.failed(id, Problem.of(404, "not-found", "there is no such conversation"));
    }
    if (outcome instanceof Outcome.Reused) {
      return Frames.failed(
          id,
          Problem.of(422, "idempotency-key-reused", "this id was used before for something else"));
    }
    return outcome instanceof Outcome.Replayed replayed && !replayed.answer().equals(DONE)
        ? new JsonObject()
            .put("type", "error")
            .put("for", id)
            .put("problem", new JsonObject(replayed.answer()))
        : new JsonObject().put("type", "done").put("for", id);
  }

  private Problem problem(Outcome.Refused refused) {
    return ErrorMapper.refusal(refused, store.clock(workspaces.get().id()).now());
  }

  private Guard pinned(BotSession session, Conversation.Id conversation) {
    return new Guard.Equals(
        workspaces.get().keys().botPins(bot), conversation.value(), session.id());
  }

  private Operation operation(Said said) {
    return new Operation(
        "bot:" + bot + ":" + Frames.id(said.frame(), "id"), ContactKey.digestOf(said.text()));
  }

  private static Conversation.Id conversation(JsonBody frame) {
    return new Conversation.Id(Frames.id(frame, "conversation"));
  }

  private static long epoch(JsonBody frame) {
    return frame.integer("epoch", 0, Long.MAX_VALUE);
  }

  private static @Nullable String known(JsonBody frame, String field, Map<String, ?> names) {
    String name = frame.optionalText(field, MAX_WORDS);
    if (name != null && !names.containsKey(name)) {
      throw new GatewayException(
          GatewayException.Kind.UNPROCESSABLE,
          "unknown-" + field,
          field + " is none of this workspace's, expected one of " + names.keySet());
    }
    return name;
  }

  /** A frame, who sent it, and the text it was read from. */
  private record Said(BotSession session, JsonBody frame, String text) {}
}
