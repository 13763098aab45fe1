// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.problem.GatewayException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One agent's desktop: polls with its cursor, accepts, declines, answers (sometimes late), pauses,
 * gives back, resolves; vanishes and returns. Knows only what its polls told it.
 */
final class AgentActor {

  private final World world;
  private final Replies replies;
  final Agent.Id id;
  private final Author author;

  /** What the polls so far say it holds. */
  private final Map<String, Change> held = new TreeMap<>();

  /** Conversations it has in mind to look at. */
  private final Set<String> planned = new HashSet<>();

  private @Nullable String cursor;
  private boolean away;
  private boolean diligent;
  private int session;
  private int words;

  AgentActor(World world, Replies replies, Agent.Id id) {
    this.world = world;
    this.replies = replies;
    this.id = id;
    this.author = Author.agent(id);
  }

  void start() {
    say(Agent.Presence.AVAILABLE);
    int mine = ++session;
    world.later(world.between(0, 500), () -> poll(mine));
  }

  /** Says it until it is heard, or until something else is to be said. */
  private void say(Agent.Presence presence) {
    say(presence, ++words);
  }

  private void say(Agent.Presence presence, int word) {
    world
        .patiently(world.anyNode().presence.say(world.workspace, id, presence))
        .onComplete(
            done -> {
              world.trail.add(id.value(), presence + (done.failed() ? " failed" : ""));
              if (done.failed() && !away) {
                world.later(Duration.ofSeconds(1), () -> again(presence, word));
              }
            });
  }

  private void again(Agent.Presence presence, int word) {
    if (word == words) {
      say(presence, word);
    }
  }

  /** Stops polling for so long, as a machine that sleeps does. */
  void vanish(Duration length) {
    if (away || diligent) {
      return;
    }
    world.trail.add(id.value(), "vanishes for " + length);
    away = true;
    session++;
    world.later(length, this::comeBack);
  }

  private void comeBack() {
    if (away) {
      away = false;
      world.trail.add(id.value(), "comes back");
      if (world.chance(0.3)) {
        cursor = null;
      }
      start();
    }
  }

  /** Leaves by saying so, or says something else of its presence. */
  void changePresence() {
    if (!away && !diligent) {
      say(world.oneOf(java.util.List.of(Agent.Presence.values())));
      world.later(world.between(2_000, 15_000), () -> say(Agent.Presence.AVAILABLE));
    }
  }

  /** From now on: there, accepts everything, answers and resolves. */
  void beDiligent() {
    diligent = true;
    comeBack();
    say(Agent.Presence.AVAILABLE);
    held.forEach((conversation, as) -> workOn(new Conversation.Id(conversation), as));
  }

  private void poll(int mine) {
    if (mine != session) {
      return;
    }
    Node node = world.anyNode();
    Duration wait = world.between(500, 15_000);
    world
        .patiently(
            node.presence
                .renew(world.workspace, id)
                .compose(
                    done ->
                        node.inbox.poll(
                            world.workspace, id, cursor, wait, Promise.promise().future())))
        .onComplete(
            done -> {
              if (mine != session) {
                return;
              }
              if (done.succeeded()) {
                read(done.result());
              } else if (done.cause() instanceof GatewayException e
                  && e.kind() == GatewayException.Kind.GONE) {
                cursor = null;
              }
              world.later(world.between(50, done.succeeded() ? 400 : 1_000), () -> poll(mine));
            });
  }

  private void read(AgentInbox.Page page) {
    if (cursor == null) {
      held.clear();
    }
    cursor = page.cursor();
    for (AgentInbox.Change change : page.changes()) {
      String conversation = change.conversation().value();
      switch (change.type()) {
        case OFFERED, ASSIGNED -> {
          held.put(conversation, change.type());
          workOn(change.conversation(), change.type());
        }
        case REMOVED -> held.remove(conversation);
        case MESSAGE -> {
          if (world.chance(0.7)) {
            workOn(change.conversation(), Change.ASSIGNED);
          }
        }
        case UPDATED -> {}
      }
    }
  }

  /** What the agent believes to hold, by its polls alone. */
  Set<String> holds() {
    return new TreeSet<>(held.keySet());
  }

  private void workOn(Conversation.Id conversation, Change as) {
    if (!planned.add(conversation.value())) {
      return;
    }
    Duration thinking =
        as == Change.OFFERED ? world.between(50, diligent ? 2_000 : 8_000) : answering();
    world.later(
        thinking,
        () -> {
          planned.remove(conversation.value());
          if (!away || world.chance(0.2)) {
            look(conversation);
          }
        });
  }

  private Duration answering() {
    return world.between(200, diligent ? 2_000 : 30_000);
  }

  private void look(Conversation.Id conversation) {
    world
        .patiently(world.anyNode().service.find(world.workspace, conversation))
        .onComplete(
            done -> {
              if (done.failed()) {
                world.later(Duration.ofSeconds(1), () -> look(conversation));
              } else if (done.result() != null) {
                act(done.result());
              }
            });
  }

  private void act(ConversationService.Snapshot snapshot) {
    Conversation seen = snapshot.conversation();
    Conversation.Offer offer = seen.offerTo(id);
    if (offer != null) {
      answerOffer(seen, offer);
    } else if (seen.owner() != null && seen.owner().is(id)) {
      handle(seen);
    } else if (world.chance(0.05)) {
      replies.send(author, seen.id(), seen.epoch(), outcome -> {});
    }
  }

  private void answerOffer(Conversation seen, Conversation.Offer offer) {
    boolean accepts = diligent || world.chance(0.75);
    if (!accepts && world.chance(0.4)) {
      return;
    }
    ConversationEvent event =
        accepts
            ? new ConversationEvent.Accept(id, offer.id())
            : new ConversationEvent.Decline(id, offer.id(), "lunch", null);
    apply(seen.id(), event)
        .onComplete(
            done -> {
              if (accepts) {
                workOn(seen.id(), done.succeeded() ? Change.ASSIGNED : Change.OFFERED);
              }
            });
  }

  private Future<Outcome> apply(Conversation.Id conversation, ConversationEvent event) {
    return world
        .patiently(world.anyNode().service.apply(world.workspace, conversation, event, null))
        .onComplete(
            done ->
                world.trail.add(
                    id.value(),
                    conversation
                        + " "
                        + event.getClass().getSimpleName()
                        + " "
                        + (done.succeeded()
                            ? done.result() instanceof Outcome.Refused refused
                                ? refused.refusal().code().label()
                                : "done"
                            : String.valueOf(done.cause()))));
  }

  private void handle(Conversation seen) {
    int dice = diligent ? 99 : world.random.nextInt(100);
    if (world.chance(0.1)) {
      apply(seen.id(), new ConversationEvent.Typing(id));
    }
    if (seen.unanswered() && dice >= 8) {
      long epoch = world.chance(0.03) ? seen.epoch() - 1 : seen.epoch();
      replies.send(author, seen.id(), epoch, outcome -> answered(seen, outcome));
    } else if (dice < 4) {
      retried(seen, new ConversationEvent.Release(author));
    } else if (dice < 8) {
      retried(seen, new ConversationEvent.Transfer(author, null, 0, "sales"));
    } else if (dice < 30) {
      retried(
          seen,
          new ConversationEvent.Pause(
              author,
              world.oneOf(java.util.List.of(Conversation.Pause.On.values())),
              world.chance(0.5) ? world.time.now().plusSeconds(5) : null));
    } else if (dice < 40) {
      retried(seen, new ConversationEvent.Resume(author));
    } else {
      retried(seen, new ConversationEvent.Resolve(author, seen.epoch(), "ok"));
    }
  }

  private void answered(Conversation seen, Outcome outcome) {
    boolean silenced =
        outcome instanceof Outcome.Refused refused
            && refused.refusal().code() == Refusal.Code.SEND_WINDOW;
    if (silenced) {
      retried(seen, new ConversationEvent.Resolve(author, seen.epoch(), "window"));
    } else {
      workOn(seen.id(), Change.ASSIGNED);
    }
  }

  /** What is refused or fails is looked at again. */
  private void retried(Conversation seen, ConversationEvent event) {
    apply(seen.id(), event)
        .onComplete(
            done -> {
              if (done.failed() || diligent || event instanceof ConversationEvent.Pause) {
                workOn(seen.id(), Change.ASSIGNED);
              }
            });
  }

  /** Pulls the next one from the queue. */
  void take() {
    if (away) {
      return;
    }
    Operation operation = new Operation(world.name("take"), "digest");
    world
        .patiently(
            world
                .anyNode()
                .pull
                .take(
                    world.workspace,
                    id,
                    new dev.frontdesk.gateway.conversation.OperationRequest(
                        operation,
                        applied -> applied.conversation().id().value(),
                        refused -> "refused")))
        .onComplete(
            done ->
                world.trail.add(
                    id.value(),
                    "take "
                        + (done.succeeded()
                            ? done.result().isPresent()
                            : String.valueOf(done.cause().getMessage()))));
  }
}
