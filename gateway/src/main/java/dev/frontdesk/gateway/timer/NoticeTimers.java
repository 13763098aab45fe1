// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Notified;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Ladder;
import dev.frontdesk.gateway.domain.Notice;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what levels of ladders say to contacts of the configuration: into the outbox, once, in the
 * commit that removes the timer. A level that the configuration no longer has is dropped.
 */
public final class NoticeTimers {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeTimers.class);

  private final Store store;
  private final ConversationService conversations;

  public NoticeTimers(Store store, ConversationService conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** Ends when the message stands in the outbox, or the timer is dropped. */
  public Future<Void> fired(Workspace workspace, Timer timer) {
    Notice notice = Notice.of(timer);
    Optional<Ladder.Person> person = notice.person(workspace.terms());
    if (person.isEmpty()) {
      return drop(workspace, timer, "the ladder has another level there now");
    }
    return conversations
        .find(workspace, notice.about())
        .compose(
            found ->
                found == null
                    ? drop(workspace, timer, "its conversation is gone")
                    : send(workspace, timer, notice, person.get(), found.conversation()));
  }

  private Future<Void> send(
      Workspace workspace, Timer timer, Notice notice, Ladder.Person person, Conversation about) {
    String text = notice.text(person, about);
    return conversations
        .notify(
            workspace,
            new ContactKey(person.channel(), person.externalId(), null),
            new ConversationEvent.Notify(
                notice.about(), text, new Operation("notice:" + timer.member(), "")),
            timer)
        .compose(
            said ->
                said == Notified.REFUSED
                    ? unsaid(workspace, notice, person)
                    : Future.succeededFuture());
  }

  /** The conversation that it was to be told of says that it was not. */
  private Future<Void> unsaid(Workspace workspace, Notice notice, Ladder.Person person) {
    LOG.atWarn()
        .addKeyValue(LogKeys.WORKSPACE, workspace.id())
        .addKeyValue(LogKeys.CONVERSATION, notice.about())
        .addKeyValue(LogKeys.CHANNEL, person.channel())
        .log("A notice was not sent: its channel allows none now, or its conversation is full");
    return conversations
        .apply(
            workspace,
            notice.about(),
            new ConversationEvent.Unsaid(notice.promise(), notice.level(), person.channel()),
            null)
        .mapEmpty();
  }

  private Future<Void> drop(Workspace workspace, Timer timer, String reason) {
    LOG.atInfo()
        .addKeyValue(LogKeys.WORKSPACE, workspace.id())
        .addKeyValue(LogKeys.EVENT, timer.member())
        .addKeyValue(LogKeys.REASON, reason)
        .log("A notice is dropped");
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .write(new Write.SortedRemove(workspace.keys().timers(), timer.member()))
                .build())
        .compose(
            result ->
                result instanceof CommitResult.Done
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException(result.toString())));
  }
}
