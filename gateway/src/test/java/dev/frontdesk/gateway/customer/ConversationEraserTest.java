// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import static dev.frontdesk.gateway.desk.ChatDesk.KEY;
import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.event.EventLetterBox;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.store.memory.CommitFaults.Fault;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Answers that are kept for repeats hold what was written: none of them outlives an erasure. */
class ConversationEraserTest {

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService node = desk.node();
  private final ConversationEraser eraser =
      new ConversationEraser(
          desk.store, node, new DeadLetterBox(desk.store, node), new EventLetterBox(desk.store));
  private final Conversation.Id id =
      Objects.requireNonNull(ChatDesk.receive(node, desk.message("hello")).conversation());
  private final Key answers = WORKSPACE.keys().answers(id);

  private static Key row(String operation) {
    return WORKSPACE.keys().operation(ContactKey.digestOf(operation));
  }

  private void notes(String operation) {
    Desk.now(
        node.apply(
            WORKSPACE,
            id,
            new ConversationEvent.Note(
                Author.agent(new Agent.Id("alice")), new MessageContent.Text("secret"), null),
            new OperationRequest(
                new Operation(operation, "digest"), applied -> "secret", refused -> "refused")));
    assertThat(kept(operation)).isTrue();
  }

  private boolean kept(String operation) {
    return Desk.now(desk.store.get(row(operation))) != null;
  }

  private Future<Void> erase() {
    Erasure erasure = new Erasure("c1", desk.time.now(), List.of(KEY.identity()), List.of());
    return eraser.erase(WORKSPACE, erasure, List.of(id));
  }

  private static boolean deletes(Commit commit, Key key) {
    return commit.writes().contains(new Write.Delete(key));
  }

  @Test
  void answersThatAreNotDeleted_areNotCalledErased_andGoNextTime() {
    notes("op1");
    desk.store.faults((n, commit) -> deletes(commit, answers) ? Fault.STALE : Fault.NONE);

    Future<Void> failed = erase();
    assertThat(failed.failed()).isTrue();
    assertThat(failed.cause()).isInstanceOf(GatewayException.class);
    assertThat(kept("op1")).isTrue();

    desk.store.faults((n, commit) -> Fault.NONE);
    Desk.now(erase());
    assertThat(kept("op1")).isFalse();
    assertThat(Desk.now(node.find(WORKSPACE, id))).isNull();
  }

  /** A reply of another node, committed after its answers were looked for. */
  @Test
  void answerThatComesMeanwhile_isGoneBeforeItsConversationIs() {
    notes("op1");
    desk.store.faults((n, commit) -> deletes(commit, answers) ? late() : Fault.NONE);

    Desk.now(erase());

    assertThat(kept("op1")).isFalse();
    assertThat(kept("late")).isFalse();
    assertThat(Desk.now(desk.store.list(answers, 0, -1))).isEmpty();
    assertThat(Desk.now(node.find(WORKSPACE, id))).isNull();
  }

  /** It comes just before the conversation itself would go, once. */
  private Fault late() {
    desk.store.faults(
        (n, commit) -> {
          if (commit.writes().contains(new Write.Delete(WORKSPACE.keys().conversation(id)))) {
            desk.store.faults((m, other) -> Fault.NONE);
            Desk.now(
                desk.store.commit(
                    Commit.of(WORKSPACE.id(), desk.time.now(), Commit.Urgency.RELEASING)
                        .write(new Write.Set(row("late"), "digest\nsecret", 60_000))
                        .write(new Write.Push(answers, ContactKey.digestOf("late")))
                        .build()));
          }
          return Fault.NONE;
        });
    return Fault.NONE;
  }
}
