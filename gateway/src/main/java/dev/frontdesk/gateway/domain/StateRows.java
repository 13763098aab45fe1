// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Armed;
import dev.frontdesk.gateway.domain.Conversation.Load;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows outside a conversation that mirror its state: written as the difference of two. */
final class StateRows {

  private static final Timer.Kind[] TIMERS = Timer.Kind.values();

  private StateRows() {}

  static void write(
      @Nullable Conversation before,
      Conversation next,
      ConversationEvent.@Nullable AgentFence fence,
      Terms terms,
      List<Effect> to) {
    pointer(before, next, to);
    queue(before == null ? null : QueuePlace.of(before, terms), QueuePlace.of(next, terms), to);
    if (before == null
        || !Objects.equals(before.load(), next.load())
        || !before.hands().rivals().equals(next.hands().rivals())) {
      load(before == null ? List.of() : before.loads(), next.loads(), fence, to);
    }
    if (before == null || !before.armed().equals(next.armed())) {
      for (Timer.Kind kind : TIMERS) {
        timer(kind, next, before == null ? null : before.armed().get(kind), to);
      }
    }
    bot(before == null ? null : before.owner(), next.owner(), to);
  }

  private static void pointer(@Nullable Conversation before, Conversation next, List<Effect> to) {
    if (before == null) {
      to.add(new Effect.PointerSet());
    } else if (before.stage() != Stage.CLOSED && next.stage() == Stage.CLOSED) {
      to.add(new Effect.PointerCleared());
    }
  }

  private static void queue(
      Effect.@Nullable Queued was, Effect.@Nullable Queued is, List<Effect> to) {
    if (Objects.equals(was, is)) {
      return;
    }
    if (was != null) {
      to.add(new Effect.Unqueued(was.bucket(), was.late()));
    }
    if (is != null) {
      to.add(is);
    }
  }

  private static void load(
      List<Load> was,
      List<Load> is,
      ConversationEvent.@Nullable AgentFence fence,
      List<Effect> to) {
    for (Load load : was) {
      Load kept = of(load.agent(), is);
      if (kept == null) {
        to.add(new Effect.LoadReleased(load.agent(), load.cost()));
      } else if (kept.cost() != load.cost()) {
        to.add(new Effect.LoadChanged(load.agent(), load.cost(), kept.cost()));
      }
    }
    for (Load load : is) {
      if (of(load.agent(), was) == null) {
        to.add(new Effect.LoadCharged(Objects.requireNonNull(fence), load.cost()));
      }
    }
  }

  private static @Nullable Load of(Agent.Id agent, List<Load> loads) {
    for (Load load : loads) {
      if (load.agent().equals(agent)) {
        return load;
      }
    }
    return null;
  }

  private static void timer(
      Timer.Kind kind, Conversation next, @Nullable Armed was, List<Effect> to) {
    Armed is = next.armed().get(kind);
    if (Objects.equals(was, is)) {
      return;
    }
    if (was != null) {
      to.add(
          new Effect.TimerCleared(new Timer(kind, next.id().value(), was.generation()), was.due()));
    }
    if (is != null) {
      to.add(new Effect.TimerArmed(new Timer(kind, next.id().value(), is.generation()), is.due()));
    }
  }

  private static void bot(@Nullable Owner was, @Nullable Owner is, List<Effect> to) {
    if (was != null && was.kind() == Owner.Kind.BOT && !was.equals(is)) {
      to.add(new Effect.BotReleased(was.id()));
    }
  }
}
