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
  private StateRows() {}

  static void write(
      @Nullable Conversation before,
      Conversation next,
      ConversationEvent.@Nullable AgentFence fence,
      Terms terms,
      List<Effect> to) {
    pointer(before, next, to);
    queue(before == null ? null : QueuePlace.of(before, terms), QueuePlace.of(next, terms), to);
    load(before == null ? null : before.load(), next.load(), fence, to);
    for (Timer.Kind kind : Timer.Kind.values()) {
      timer(kind, next, before == null ? null : before.armed().get(kind), to);
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
      @Nullable Load was,
      @Nullable Load is,
      ConversationEvent.@Nullable AgentFence fence,
      List<Effect> to) {
    if (Objects.equals(was, is)) {
      return;
    }
    if (was != null && is != null && was.agent().equals(is.agent())) {
      to.add(new Effect.LoadChanged(is.agent(), was.cost(), is.cost()));
      return;
    }
    if (was != null) {
      to.add(new Effect.LoadReleased(was.agent(), was.cost()));
    }
    if (is != null) {
      to.add(new Effect.LoadCharged(Objects.requireNonNull(fence), is.cost()));
    }
  }

  private static void timer(
      Timer.Kind kind, Conversation next, @Nullable Armed was, List<Effect> to) {
    Armed is = next.armed().get(kind);
    if (Objects.equals(was, is)) {
      return;
    }
    if (was != null) {
      to.add(new Effect.TimerCleared(new Timer(kind, next.id().value(), was.generation())));
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
