// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Does what a first message does, once per workspace, on a store in memory, so that the classes of
 * the hot path (rules, aggregate, codec) are loaded before the first customer comes and not on an
 * event loop. Nothing of it is kept. Blocks for some 100 ms: for a worker thread.
 */
final class Rehearsal {

  private static final int MESSAGES = 20;

  private final Workspaces workspaces;

  private Rehearsal(Workspaces workspaces) {
    this.workspaces = workspaces;
  }

  static Rehearsal of(Workspaces workspaces) {
    return new Rehearsal(workspaces);
  }

  /** Plays it; what goes wrong in a rehearsal has no consequence. */
  void play() {
    workspaces.all().forEach(Rehearsal::play);
  }

  private static void play(Workspace workspace) {
    VirtualTime time = new VirtualTime(Instant.EPOCH);
    ConversationService conversations =
        new ConversationService(
            new InMemoryStore(time),
            new JsonCodec(),
            time,
            new SplittableRandom(1),
            new GatewayMetrics(new SimpleMeterRegistry()),
            MESSAGES);
    for (String channel : workspace.terms().channels().keySet()) {
      for (int i = 0; i < MESSAGES; i++) {
        var unused =
            conversations.receive(
                workspace, new ContactKey(channel, "rehearsal", null), List.of(message(i)));
      }
    }
  }

  private static InboundEvent message(int number) {
    return new InboundEvent.Received(
        Integer.toString(number),
        ContactRef.of("rehearsal"),
        null,
        Instant.EPOCH,
        0,
        new MessageContent.Text("How do I get a refund?"),
        null,
        false,
        null,
        Map.of());
  }
}
