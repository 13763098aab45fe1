// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Write;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A bot: reads its frames, answers, resolves, hands off, or says nothing at all. */
final class BotActor {

  private final World world;
  private final Replies replies;
  private final String bot;
  private final Set<String> seen = new HashSet<>();

  BotActor(World world, Replies replies, String bot) {
    this.world = world;
    this.replies = replies;
    this.bot = bot;
  }

  void start() {
    world.later(world.between(500, 2_500), this::read);
  }

  private void read() {
    Node node = world.anyNode();
    var frames = node.link.sorted(world.workspace.keys().botFrames(bot), 0, 50);
    var owned = node.link.hashAll(world.workspace.keys().botOwned(bot));
    world
        .patiently(frames.compose(some -> owned))
        .onComplete(
            done -> {
              if (done.succeeded()) {
                frames.result().forEach(frame -> answer(frame, done.result()));
              }
              start();
            });
  }

  private void answer(Scored frame, Map<String, String> owned) {
    String id = frame.member().substring(0, frame.member().indexOf(' '));
    String epoch = owned.get(id);
    if (epoch == null || !seen.add(frame.member())) {
      return;
    }
    acknowledge(frame.member());
    int dice = world.random.nextInt(100);
    Conversation.Id conversation = new Conversation.Id(id);
    long at = Long.parseLong(epoch);
    if (dice < 50) {
      replies.send(Author.bot(bot), conversation, at, outcome -> {});
    } else if (dice < 75) {
      command(
          conversation,
          new ConversationEvent.HandOff(
              bot,
              at,
              "asked",
              world.chance(0.3) ? "sales" : null,
              Map.of(),
              world.chance(0.3) ? "urgent" : null,
              "summary " + world.name("s")));
    } else if (dice < 85) {
      command(conversation, new ConversationEvent.Resolve(Author.bot(bot), at, null));
    }
  }

  private void acknowledge(String member) {
    Node node = world.anyNode();
    node.link.commit(
        Commit.of(
                world.workspace.id(),
                node.link.clock(world.workspace.id()).now(),
                Commit.Urgency.RELEASING)
            .write(new Write.SortedRemove(world.workspace.keys().botFrames(bot), member))
            .build());
  }

  private void command(Conversation.Id id, ConversationEvent event) {
    world
        .patiently(world.anyNode().service.apply(world.workspace, id, event, null))
        .onComplete(
            done -> {
              world.trail.add(bot, id + " " + event.getClass().getSimpleName());
              if (done.failed()) {
                world.later(Duration.ofSeconds(1), () -> command(id, event));
              }
            });
  }
}
