// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A small desk for tests: channel {@code chat} with bot {@code faq}, channel {@code mail} without;
 * a text with {@code urgent} or {@code refund} raises its triage.
 */
public final class DeskTerms {
  private DeskTerms() {}

  public static final Instant T0 = Instant.parse("2026-11-21T03:04:05.678Z");
  public static final Agent.Id ALICE = new Agent.Id("alice");
  public static final Agent.Id BOB = new Agent.Id("bob");
  public static final ContactKey MAIL = new ContactKey("mail", "u1", null);
  public static final ContactKey CHAT = new ContactKey("chat", "u1", null);
  public static final Conversation.Id ID = new Conversation.Id("abcdefghABCDEFGHIJKLMN");
  public static final Duration URGENT = Duration.ofSeconds(2);
  public static final Duration NORMAL = Duration.ofSeconds(8);

  public static Terms terms() {
    return new Terms(
        Map.of(
            "urgent", new Terms.Promise("urgent", URGENT, 0.75),
            "normal", new Terms.Promise("normal", NORMAL, 0.75),
            "low", new Terms.Promise("low", Duration.ofSeconds(30), 0.75)),
        Map.of(
            "mail", new Terms.Channel("mail", "email", "email", 2, null, Duration.ZERO),
            "chat", new Terms.Channel("chat", "webchat", "webchat", 1, "faq", seconds(10))),
        Set.of("support", "billing"),
        Set.of("refunds", "vip"),
        DeskTerms::classify,
        "support",
        "normal",
        seconds(5),
        seconds(60),
        seconds(120),
        80);
  }

  /** These terms at a desk that overflows after 7 s; after 3 s without an answer mail costs 1. */
  public static Terms occupied(Terms plain) {
    return new Terms(
        plain.promises(),
        plain.channels(),
        plain.queues(),
        plain.skills(),
        plain.triage(),
        plain.defaultQueue(),
        plain.defaultPromise(),
        plain.declineBackoff(),
        plain.reopenWindow(),
        plain.retention(),
        plain.maxMessages(),
        plain.offers(),
        new Occupancy(
            Map.of("support", new Occupancy.Overflow("billing", seconds(7))), seconds(3), 1));
  }

  /** The same desk with these promises; the default one is {@code normal}. */
  public static Terms terms(Map<String, ClockPolicy> promises) {
    Terms plain = terms();
    return new Terms(
        promises.entrySet().stream()
            .collect(
                java.util.stream.Collectors.toMap(
                    Map.Entry::getKey, e -> new Terms.Promise(e.getKey(), e.getValue()))),
        plain.channels(),
        plain.queues(),
        plain.skills(),
        plain.triage(),
        plain.defaultQueue(),
        plain.defaultPromise(),
        plain.declineBackoff(),
        plain.reopenWindow(),
        plain.retention(),
        plain.maxMessages());
  }

  /** These terms with other rules from an offer on. */
  public static Terms with(OfferTerms offers, Terms plain) {
    return new Terms(
        plain.promises(),
        plain.channels(),
        plain.queues(),
        plain.skills(),
        plain.triage(),
        plain.defaultQueue(),
        plain.defaultPromise(),
        plain.declineBackoff(),
        plain.reopenWindow(),
        plain.retention(),
        plain.maxMessages(),
        offers,
        plain.occupancy());
  }

  /** These terms where other things fill queues, and what comes is triaged so. */
  static Terms with(Occupancy occupancy, Triage.Rules triage, Terms plain) {
    return new Terms(
        plain.promises(),
        plain.channels(),
        plain.queues(),
        plain.skills(),
        triage,
        plain.defaultQueue(),
        plain.defaultPromise(),
        plain.declineBackoff(),
        plain.reopenWindow(),
        plain.retention(),
        plain.maxMessages(),
        plain.offers(),
        occupancy);
  }

  public static ConversationRules rules() {
    return new ConversationRules(terms());
  }

  private static Triage classify(Triage.Subject subject) {
    boolean refund = subject.text().contains("refund");
    boolean urgent = subject.text().contains("urgent") || "gold".equals(subject.tier());
    return new Triage(
        refund ? "billing" : "support",
        urgent ? "urgent" : "normal",
        urgent ? 1 : 5,
        refund ? Map.of("refunds", 2) : Map.of(),
        subject.language(),
        refund ? "complaint" : null,
        null,
        refund ? List.of("refund") : List.of());
  }

  public static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  public static InboundEvent.Received says(String key, String text, Instant at) {
    return InboundEvent.Received.of(
        key, new ContactRef("u1", "Uma", null), at, new MessageContent.Text(text));
  }

  public static InboundEvent.Received automatic(String key, Instant at) {
    return new InboundEvent.Received(
        key,
        ContactRef.of("u1"),
        null,
        at,
        0,
        new MessageContent.Text("out of office"),
        null,
        true,
        null,
        Map.of());
  }

  public static ConversationEvent.AgentFence fence(Agent.Id agent) {
    return new ConversationEvent.AgentFence(agent, 1, 4);
  }

  public static ConversationEvent.Explanation why() {
    return new ConversationEvent.Explanation("keep-promises/on-time", List.of("alice", "bob"), 7);
  }
}
