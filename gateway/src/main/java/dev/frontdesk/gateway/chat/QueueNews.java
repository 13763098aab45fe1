// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.report.QueuePace;
import dev.frontdesk.gateway.socket.Line;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one visitor the place in the queue: when the conversation begins to wait for people, and
 * then whenever it changed, every {@link #PAUSE} at most. Only where the channel has an
 * acknowledgement; elsewhere nothing is read. Not thread-safe: belongs to the socket's context.
 */
final class QueueNews {

  static final Duration PAUSE = Duration.ofSeconds(4);
  private static final Logger LOG = LoggerFactory.getLogger(QueueNews.class);

  private final Place place;
  private final Conversation.Id id;
  private final Line line;
  private final ConversationService conversations;
  private final QueuePace pace;
  private final Supplier<Instant> now;
  private Instant notBefore = Instant.MIN;
  private boolean over;
  private @Nullable JsonObject told;

  QueueNews(
      Place place,
      Conversation.Id id,
      Line line,
      ConversationService conversations,
      QueuePace pace,
      Supplier<Instant> now) {
    this.place = place;
    this.id = id;
    this.line = line;
    this.conversations = conversations;
    this.pace = pace;
    this.now = now;
  }

  /** Tells the place if it is another one than was told last. */
  void look() {
    Workspace workspace = place.workspace().get();
    Terms.Channel channel = workspace.terms().channels().get(place.channel());
    if (over || channel == null || channel.acknowledgement() == null || line.isBusy()) {
      return;
    }
    if (now.get().isBefore(notBefore)) {
      return;
    }
    notBefore = now.get().plus(PAUSE);
    conversations
        .find(workspace, id)
        .compose(found -> found == null ? Future.succeededFuture() : tell(workspace, found))
        .onFailure(unread -> LOG.atDebug().setCause(unread).log("A place could not be read"));
  }

  private Future<Void> tell(Workspace workspace, Snapshot found) {
    Conversation conversation = found.conversation();
    boolean waits = conversation.stage() == Stage.WAITING || conversation.stage() == Stage.OFFERED;
    if (!waits) {
      // with people it is over; with a bot it may still come
      over = conversation.stage() != Stage.BOT;
      return Future.succeededFuture();
    }
    String queue = conversation.triage().queue();
    Instant since =
        Objects.requireNonNullElse(conversation.waitingSince(), conversation.openedAt());
    return pace.ahead(workspace, queue, since)
        .compose(
            ahead ->
                pace.estimateSeconds(workspace, queue, ahead).map(seconds -> send(ahead, seconds)));
  }

  private @Nullable Void send(long ahead, @Nullable Long estimateSeconds) {
    JsonObject frame =
        new JsonObject()
            .put("type", "position")
            .put("ahead", ahead)
            .put("estimateSeconds", estimateSeconds);
    if (!frame.equals(told) && line.isOpen()) {
      told = frame;
      line.send(frame);
    }
    return null;
  }
}
