// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.edge.ConversationJson;
import dev.frontdesk.gateway.edge.ErrorMapper;
import dev.frontdesk.gateway.edge.JsonBody;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.report.QueuePace;
import dev.frontdesk.gateway.socket.CloseCode;
import dev.frontdesk.gateway.socket.Frames;
import dev.frontdesk.gateway.socket.Line;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One visitor's socket.
 *
 * <pre>
 * stranger ──hello──▶ known ──message──▶ known, following its conversation
 *     └─ a token or identity that is not ours ──▶ closed 4401
 * </pre>
 *
 * <ol>
 *   <li>{@code stored} is written only when the message is durable; the same client id is stored
 *       once and answered with the same seq.
 *   <li>Answers are written in order of seq, each once per socket.
 *   <li>Everything runs on the socket's context; {@link #look} may be called from any thread.
 * </ol>
 */
final class VisitorSession {

  private static final int MAX_NAME = 256;
  private static final int MAX_LOCALE = 35; // RFC 5646 §4.4.1
  private static final int MAX_TOKEN = 64;
  private static final int MAX_IDENTITY = ContactRef.MAX_ID_LENGTH + 65;

  private final Place place;
  private final Line line;
  private final Context context;
  private final Store store;
  private final VisitorIntake intake;
  private final ConversationService conversations;
  private final Followers followers;
  private final Typing typing;
  private final QueuePace pace;
  private final Runnable onChange = this::look;
  private final Map<String, Function<JsonBody, Future<Void>>> kinds =
      Map.of(
          "hello", this::greet,
          "message", this::store,
          "typing", this::typing,
          "rate", this::rate);
  private volatile @Nullable Visitor visitor;
  private @Nullable Answers answers;
  private @Nullable QueueNews news;
  private Runnable unfollow = () -> {};
  private @Nullable Instant toldBy;

  VisitorSession(
      Place place,
      Line line,
      Context context,
      Store store,
      VisitorIntake intake,
      ConversationService conversations,
      Followers followers,
      Typing typing,
      QueuePace pace) {
    this.place = place;
    this.line = line;
    this.context = context;
    this.store = store;
    this.intake = intake;
    this.conversations = conversations;
    this.followers = followers;
    this.typing = typing;
    this.pace = pace;
  }

  /** Whether the visitor has said hello. */
  boolean isKnown() {
    return visitor != null;
  }

  /** Does what a frame says; the future ends when it is answered, and never fails. */
  Future<Void> receive(String text) {
    return Frames.dispatch(text, kinds, Function::apply)
        .recover(
            failure -> {
              line.send(Frames.error(text, ErrorMapper.problem(failure)));
              boolean stranger =
                  failure instanceof GatewayException refused
                      && refused.kind() == GatewayException.Kind.UNAUTHENTICATED;
              return stranger ? line.close(CloseCode.UNAUTHORISED) : Future.succeededFuture();
            });
  }

  /** The conversation may have changed. */
  void look() {
    context.runOnContext(
        ignored -> {
          if (answers != null) {
            answers.look();
          }
          if (news != null) {
            news.look();
          }
        });
  }

  /** The socket is closed. */
  void end() {
    unfollow.run();
  }

  private Future<Void> greet(JsonBody hello) {
    hello.only("type", "session", "token", "seen", "name", "locale", "identity");
    if (visitor != null) {
      throw Frames.malformed("hello comes once, as the first frame");
    }
    String session = session(hello);
    String identity = hello.optionalText("identity", MAX_IDENTITY);
    String externalId =
        identity == null
            ? session
            : place
                .passes()
                .customer(identity)
                .orElseThrow(() -> stranger("the identity is not signed with identitySecret"));
    String locale = hello.optionalText("locale", MAX_LOCALE);
    Visitor known =
        new Visitor(
            session,
            new ContactRef(externalId, hello.optionalText("name", MAX_NAME), null),
            locale == null ? Map.of() : Map.of("locale", locale));
    Long seen = hello.optionalInteger("seen", 0, Integer.MAX_VALUE);
    visitor = known;
    return current(known)
        .map(
            snapshot -> {
              announce(known, snapshot);
              if (snapshot != null) {
                Conversation conversation = snapshot.conversation();
                follow(conversation, seen == null ? 0 : seen.intValue(), conversation.lastSeq());
              }
              return null;
            });
  }

  private String session(JsonBody hello) {
    String session = hello.optionalText("session", MAX_TOKEN);
    String token = hello.optionalText("token", MAX_TOKEN);
    if (session == null && token == null) {
      return place.passes().newSession();
    }
    if (session == null || token == null || !place.passes().admits(session, token)) {
      throw stranger("the token does not belong to the session");
    }
    return session;
  }

  /** The conversation that the contact's messages go to now, if any. */
  private Future<@Nullable Snapshot> current(Visitor known) {
    Workspace workspace = place.workspace().get();
    ContactKey contact = new ContactKey(place.channel(), known.contact().externalId(), null);
    return store
        .get(workspace.keys().pointer(contact).key())
        .compose(
            id ->
                id == null
                    ? Future.succeededFuture(null)
                    : conversations.find(workspace, new Conversation.Id(id)));
  }

  /** Tells the session, and until when the first answer is promised. */
  private void announce(Visitor known, @Nullable Snapshot snapshot) {
    JsonObject frame =
        new JsonObject()
            .put("type", "session")
            .put("session", known.session())
            .put("token", place.passes().token(known.session()));
    ResponseClock clock = snapshot == null ? null : snapshot.conversation().clock();
    if (clock != null && clock.state() == ResponseClock.State.RUNNING) {
      toldBy = clock.dueAt();
      frame.put(
          "promise", new JsonObject().put("firstResponseBy", ConversationJson.time(clock.dueAt())));
    }
    line.send(frame);
  }

  private Future<Void> store(JsonBody message) {
    message.only("type", "id", "text", "content");
    Visitor known = known();
    String id = Frames.id(message, "id");
    MessageContent content = VisitorContent.read(message);
    InboundEvent event =
        new InboundEvent.Received(
            known.session() + ":" + id,
            known.contact(),
            null,
            store.clock(place.workspace().get().id()).now(),
            0,
            content,
            null,
            false,
            null,
            known.context());
    return intake
        .receive(place.workspace().get(), place.channel(), List.of(event))
        .map(all -> all.get(0))
        .compose(
            received -> {
              line.send(
                  new JsonObject().put("type", "stored").put("id", id).put("seq", received.seq()));
              return stored(known, received);
            });
  }

  private Future<Void> stored(Visitor known, Received received) {
    Conversation.Id id = received.conversation();
    boolean followed = answers != null && answers.conversation().equals(id);
    boolean old = answers != null && received.kind() == Received.Kind.DUPLICATE;
    if (id == null || followed || old) {
      return Future.succeededFuture();
    }
    return conversations
        .find(place.workspace().get(), id)
        // the message is stored whether or not this succeeds
        .otherwiseEmpty()
        .map(
            snapshot -> {
              if (snapshot != null) {
                follow(snapshot.conversation(), received.seq(), received.seq());
                ResponseClock clock = snapshot.conversation().clock();
                if (clock != null && !clock.dueAt().equals(toldBy)) {
                  announce(known, snapshot);
                }
              }
              return null;
            });
  }

  private void follow(Conversation conversation, int after, int replayUntil) {
    Conversation.Id id = conversation.id();
    if (!line.isOpen() || (answers != null && answers.conversation().equals(id))) {
      return;
    }
    unfollow.run();
    Workspace workspace = place.workspace().get();
    Answers next =
        new Answers(
            id,
            after,
            replayUntil,
            line,
            from -> conversations.messages(workspace, id, from, from + Answers.PAGE - 1));
    answers = next;
    QueueNews waiting =
        new QueueNews(place, id, line, conversations, pace, store.clock(workspace.id())::now);
    news = waiting;
    Runnable deaf = typing.listen(id, () -> line.send(new JsonObject().put("type", "typing")));
    followers.follow(id, onChange);
    unfollow =
        () -> {
          followers.leave(id, onChange);
          deaf.run();
        };
    next.look();
    waiting.look();
  }

  private Future<Void> typing(JsonBody frame) {
    frame.only("type");
    known();
    // those who answer poll or speak the bots' protocol, and neither shows it
    return Future.succeededFuture();
  }

  private Future<Void> rate(JsonBody frame) {
    throw new GatewayException(
        GatewayException.Kind.UNPROCESSABLE, "not-supported", "rate comes with a later version");
  }

  private Visitor known() {
    Visitor known = visitor;
    if (known == null) {
      throw Frames.malformed("the first frame is hello, expected that before anything else");
    }
    return known;
  }

  private static GatewayException stranger(String message) {
    return new GatewayException(GatewayException.Kind.UNAUTHENTICATED, "unauthenticated", message);
  }
}
