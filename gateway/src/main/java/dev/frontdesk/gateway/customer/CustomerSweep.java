// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationCodec;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells the open conversations of some identities what is known of their customer now. Repeating it
 * changes nothing; each commit guards the link it tells of, so that of two changes at once the
 * later one stands. Bounded: {@link #AT_ONCE} conversations at a time, of each the last {@link
 * #MESSAGES} messages.
 */
final class CustomerSweep {

  static final int MESSAGES = 20;
  private static final int AT_ONCE = 16;
  private static final int TRIES = 8;

  private final Store store;
  private final ConversationCodec codec;
  private final ConversationService conversations;

  CustomerSweep(Store store, ConversationCodec codec, ConversationService conversations) {
    this.store = store;
    this.codec = codec;
    this.conversations = conversations;
  }

  /** An open conversation of an identity. */
  private record Place(String identity, Conversation.Id id) {}

  /** Ends when every open conversation of these identities (their digests) knows. */
  Future<Void> sweep(Workspace workspace, Collection<String> identities) {
    return places(workspace, identities).compose(all -> tell(workspace, all, 0));
  }

  /** The open conversations of these identities, as they are. */
  Future<List<Snapshot>> open(Workspace workspace, Collection<String> identities) {
    return places(workspace, identities)
        .compose(
            all -> {
              List<Future<@Nullable Snapshot>> found = new ArrayList<>();
              all.forEach(place -> found.add(conversations.find(workspace, place.id())));
              return Future.all(new ArrayList<>(found))
                  .map(
                      done ->
                          found.stream()
                              .map(Future::result)
                              .filter(Objects::nonNull)
                              .map(Objects::requireNonNull)
                              .toList());
            });
  }

  private Future<List<Place>> places(Workspace workspace, Collection<String> identities) {
    List<Place> places = new ArrayList<>();
    List<Future<?>> reads = new ArrayList<>();
    for (String identity : identities) {
      reads.add(
          store.get(workspace.keys().direct(identity)).onSuccess(id -> add(places, identity, id)));
      reads.add(
          store
              .hashAll(workspace.keys().threads(identity))
              .onSuccess(threads -> threads.values().forEach(id -> add(places, identity, id))));
    }
    return Future.all(reads).map(done -> places);
  }

  private static void add(List<Place> places, String identity, @Nullable String id) {
    if (id != null) {
      places.add(new Place(identity, new Conversation.Id(id)));
    }
  }

  private Future<Void> tell(Workspace workspace, List<Place> places, int from) {
    if (from >= places.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(places.size(), from + AT_ONCE);
    List<Future<?>> told = new ArrayList<>();
    places.subList(from, to).forEach(place -> told.add(tell(workspace, place, TRIES)));
    return Future.join(told).compose(done -> tell(workspace, places, to));
  }

  private Future<Void> tell(Workspace workspace, Place place, int tries) {
    Key link = workspace.keys().link(place.identity());
    Future<@Nullable String> linked = store.get(link);
    Future<@Nullable String> looked = store.get(workspace.keys().lookup(place.identity()));
    Future<@Nullable Snapshot> found = conversations.find(workspace, place.id());
    return Future.all(linked, looked, found)
        .compose(
            read -> {
              Customer customer = Customer.of(decoded(linked.result()), decoded(looked.result()));
              Snapshot snapshot = found.result();
              if (snapshot == null
                  || Objects.equals(snapshot.conversation().customer(), customer)) {
                return Future.succeededFuture();
              }
              Guard still =
                  linked.result() == null
                      ? new Guard.Absent(link, null)
                      : new Guard.Equals(link, null, linked.result());
              return written(workspace, snapshot.conversation())
                  .compose(
                      contents ->
                          conversations.apply(
                              workspace,
                              place.id(),
                              new ConversationEvent.CustomerChanged(customer, contents),
                              null,
                              List.of(still)))
                  .compose(outcome -> again(workspace, place, outcome, tries));
            });
  }

  /** Somebody changed the link meanwhile: the later word counts. */
  private Future<Void> again(Workspace workspace, Place place, Outcome outcome, int tries) {
    if (!(outcome instanceof Outcome.Refused refused)
        || refused.refusal().code() != Refusal.Code.STALE_SESSION) {
      return Future.succeededFuture();
    }
    return tries > 1
        ? tell(workspace, place, tries - 1)
        : Future.failedFuture(
            new GatewayException(
                GatewayException.Kind.UNAVAILABLE, "busy", "the customer is changed all the time"));
  }

  private @Nullable Customer decoded(@Nullable String text) {
    return text == null || text.isEmpty() ? null : codec.customer(text);
  }

  private Future<List<MessageContent>> written(Workspace workspace, Conversation conversation) {
    int to = conversation.lastSeq();
    return conversations
        .messages(workspace, conversation.id(), Math.max(1, to - MESSAGES + 1), to)
        .map(
            messages ->
                messages.stream()
                    .filter(m -> m.direction() == Message.Direction.INBOUND && !m.deleted())
                    .map(Message::content)
                    .toList());
  }
}
