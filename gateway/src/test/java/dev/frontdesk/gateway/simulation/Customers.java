// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.domain.ContactKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Customers and the platforms in between, which deliver at least once: what is not acknowledged
 * comes again, through whichever node, and sometimes what is acknowledged too.
 */
final class Customers {

  private static final List<String> TEXTS =
      List.of("hello", "urgent please", "normal question", "refund", "sales", "refund urgent");
  private static final int CONTACTS = 9;

  private final World world;
  private final Ledger ledger;
  private final List<InboundEvent.Received> written = new ArrayList<>();
  private Instant lastSent = World.START;
  int open;

  Customers(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** A customer writes one message, or several at once. */
  void write() {
    int contact = world.random.nextInt(CONTACTS);
    String channel = Desk.CHANNELS.get(world.random.nextInt(Desk.CHANNELS.size()));
    int burst = world.chance(0.15) ? 2 + world.random.nextInt(8) : 1;
    List<InboundEvent> together = new ArrayList<>();
    for (int i = 0; i < burst; i++) {
      InboundEvent.Received message = message(channel, contact);
      written.add(message);
      together.add(message);
    }
    if (world.random.nextBoolean()) {
      deliver(channel, together, Duration.ZERO);
    } else {
      together.forEach(one -> deliver(channel, List.of(one), delay()));
    }
  }

  private InboundEvent.Received message(String channel, int contact) {
    String key = channel + "/" + world.name("m");
    return new InboundEvent.Received(
        key,
        ref(contact),
        contact % 3 == 0 && channel.equals("mail") ? "thread" : null,
        sentAt(),
        0,
        new MessageContent.Text(world.oneOf(TEXTS)),
        null,
        world.chance(0.05),
        channel.equals("wechat") ? new SendGrant(Duration.ofSeconds(40), 5) : null,
        Map.of());
  }

  private static ContactRef ref(int contact) {
    return new ContactRef("c" + contact, null, null);
  }

  private Instant sentAt() {
    Instant now = world.time.now();
    lastSent = now.isAfter(lastSent) ? now : lastSent.plusMillis(1);
    return lastSent;
  }

  private Duration delay() {
    return world.faults.has(Faults.Kind.REORDERING) ? world.between(0, 4_000) : Duration.ZERO;
  }

  /** An edit or a withdrawal of something written lately. */
  void change() {
    if (written.isEmpty()) {
      return;
    }
    InboundEvent.Received target =
        written.get(written.size() - 1 - world.random.nextInt(Math.min(12, written.size())));
    String channel = channelOf(target);
    InboundEvent event =
        world.chance(0.3)
            ? new InboundEvent.Deleted(
                world.name("del"), target.contact(), target.thread(), sentAt(), target.key())
            : new InboundEvent.Edited(
                world.name("edit"),
                target.contact(),
                target.thread(),
                sentAt(),
                target.key(),
                new MessageContent.Text(world.name("edited")));
    deliver(channel, List.of(event), delay());
  }

  /** Writes and corrects at once: the correction may come first. */
  void writeAndCorrect() {
    write();
    change();
  }

  void signal() {
    String channel = world.oneOf(Desk.CHANNELS);
    deliver(
        channel,
        List.of(
            new InboundEvent.Signalled(
                world.name("sig"),
                ref(world.random.nextInt(CONTACTS)),
                null,
                sentAt(),
                new MessageContent.Event("menu", Map.of()),
                null)),
        Duration.ZERO);
  }

  /** The platform delivers once more what it delivered before. */
  void again() {
    if (!written.isEmpty()) {
      InboundEvent.Received event = world.oneOf(written);
      deliver(channelOf(event), List.of(event), Duration.ZERO);
    }
  }

  /** What the platform of {@code channel} reports. */
  void report(String channel, InboundEvent event) {
    deliver(channel, List.of(event), Duration.ZERO);
  }

  private static String channelOf(InboundEvent.Received event) {
    return event.key().substring(0, event.key().indexOf('/'));
  }

  /** Delivers until it is acknowledged. */
  private void deliver(String channel, List<InboundEvent> events, Duration after) {
    open++;
    world.later(after, () -> attempt(channel, events));
  }

  private void attempt(String channel, List<InboundEvent> events) {
    InboundEvent first = events.get(0);
    ContactKey contact = new ContactKey(channel, first.contact().externalId(), first.thread());
    world
        .patiently(world.anyNode().service.receive(world.workspace, contact, events))
        .onComplete(
            done -> {
              if (done.failed()) {
                world.trail.add(channel, first.key() + " refused " + done.cause().getMessage());
                world.later(world.between(500, 3_000), () -> attempt(channel, events));
                return;
              }
              open--;
              acknowledged(channel, events, done.result());
            });
  }

  private void acknowledged(String channel, List<InboundEvent> events, List<Received> results) {
    for (int i = 0; i < events.size(); i++) {
      world.trail.add(channel, events.get(i).key() + " " + results.get(i));
      ledger.acknowledged(channel, events.get(i), results.get(i));
    }
    if (world.faults.has(Faults.Kind.DUPLICATES) && world.chance(0.2)) {
      deliver(channel, events, world.between(0, 5_000));
    }
  }
}
