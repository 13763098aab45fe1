// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.edge.ConversationJson;
import dev.frontdesk.gateway.socket.Line;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one socket is told of one conversation: every answer after the last one seen, in order of
 * seq. Of what was there at the start the visitor's own messages are told too, so that a page can
 * show the whole conversation again. Not thread-safe: belongs to the socket's context.
 */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  /** Messages read at once. */
  static final int PAGE = 100;

  private final Conversation.Id id;
  private final int replayUntil;
  private final Line line;
  private final IntFunction<Future<List<Message>>> pageFrom;
  private int told;
  private boolean reading;
  private boolean readAgain;

  /**
   * Nothing is read before {@link #look}.
   *
   * @param told seq of the last message the visitor has
   * @param replayUntil seq of the last message that was there at the start
   * @param pageFrom reads up to {@link #PAGE} messages from a seq on
   */
  Answers(
      Conversation.Id id,
      int told,
      int replayUntil,
      Line line,
      IntFunction<Future<List<Message>>> pageFrom) {
    this.id = id;
    this.told = told;
    this.replayUntil = replayUntil;
    this.line = line;
    this.pageFrom = pageFrom;
  }

  Conversation.Id conversation() {
    return id;
  }

  /** Tells what is new; one read at a time, none while the socket is busy. */
  void look() {
    if (reading) {
      readAgain = true;
      return;
    }
    if (!line.isOpen() || line.isBusy()) {
      return;
    }
    reading = true;
    readAgain = false;
    pageFrom
        .apply(told + 1)
        .onComplete(
            page -> {
              reading = false;
              if (page.failed()) {
                // read again with the next change, or in a few seconds
                LOG.atDebug().setCause(page.cause()).log("Answers could not be read");
              } else {
                tell(page.result());
              }
              if (readAgain) {
                look();
              }
            });
  }

  private void tell(List<Message> page) {
    for (Message message : page) {
      if (line.isBusy()) {
        return; // the queue drains, and look comes again
      }
      if (message.seq() > told) {
        told = message.seq();
        if (isShown(message)) {
          line.send(
              new JsonObject()
                  .put("type", "message")
                  .put("message", ConversationJson.message(id, message)));
        }
      }
    }
    readAgain |= page.size() == PAGE;
  }

  private boolean isShown(Message message) {
    boolean shown =
        message.direction() == Message.Direction.OUTBOUND
            || (message.direction() == Message.Direction.INBOUND && message.seq() <= replayUntil);
    return shown && !message.deleted();
  }
}
