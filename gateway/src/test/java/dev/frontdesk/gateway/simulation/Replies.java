// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.domain.Refusal;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Answers with an idempotency key: repeated, on any node, until it is known what became of them.
 */
final class Replies {

  private final World world;
  private final Ledger ledger;
  int open;

  Replies(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** {@code then} is told how it ended. */
  void send(Author author, Conversation.Id id, long epoch, Consumer<Outcome> then) {
    List<String> texts =
        IntStream.range(0, world.chance(0.2) ? 3 : 1).mapToObj(i -> world.name("r")).toList();
    List<MessageContent> contents =
        texts.stream().<MessageContent>map(MessageContent.Text::new).toList();
    Operation operation = new Operation(author.id() + "/" + texts.get(0), "digest");
    open++;
    attempt(
        id,
        new ConversationEvent.Reply(author, epoch, contents, operation),
        new OperationRequest(operation, applied -> "stored", refused -> "refused"),
        texts,
        then);
  }

  private void attempt(
      Conversation.Id id,
      ConversationEvent.Reply reply,
      OperationRequest operation,
      List<String> texts,
      Consumer<Outcome> then) {
    world
        .patiently(world.anyNode().service.apply(world.workspace, id, reply, operation))
        .onComplete(
            done -> {
              if (done.failed()) {
                world.later(
                    world.between(300, 2_000), () -> attempt(id, reply, operation, texts, then));
                return;
              }
              open--;
              world.trail.add(
                  reply.author().id(), id + " reply " + texts + " " + name(done.result()));
              told(done.result(), texts);
              then.accept(done.result());
            });
  }

  private void told(Outcome outcome, List<String> texts) {
    if (outcome instanceof Outcome.Replayed replayed) {
      texts.forEach(text -> ledger.replied(text, replayed.answer().equals("stored")));
    } else if (outcome instanceof Outcome.Applied) {
      texts.forEach(text -> ledger.replied(text, true));
    } else if (outcome instanceof Outcome.Refused refused
        && refused.refusal().code() == Refusal.Code.NOT_OWNER) {
      texts.forEach(text -> ledger.replied(text, false));
    }
  }

  private static String name(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        ? refused.refusal().code().label()
        : outcome.getClass().getSimpleName();
  }
}
