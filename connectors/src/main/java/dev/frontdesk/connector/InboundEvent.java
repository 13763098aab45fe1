// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened on a platform, normalized.
 *
 * <p>Keys: {@link #key()} is unique per channel for the life of the platform's longest redelivery
 * and is what the gateway deduplicates by; a connector builds it from the platform's own ids, never
 * from anything that differs between two deliveries of the same thing. 1…512 characters.
 */
public sealed interface InboundEvent {

  /** The dedupe key of this event within its channel. */
  String key();

  /** Who did it. */
  ContactRef contact();

  /**
   * The platform's sub-conversation (mail thread, topic), or null: one conversation per contact.
   */
  @Nullable String thread();

  /** When the platform says it happened; informative, never used for deadlines. */
  Instant sentAt();

  /**
   * A message of a customer. It opens a conversation when none is open.
   *
   * @param key also the name that edits, deletes, receipts and replies refer to as their target
   * @param platformOrder the platform's own order for display, or 0 when it has none
   * @param replyTo key of the message this one answers, or null
   * @param automatic written by a machine (out of office, list, bounce): never answered by one
   * @param grant what the platform now lets us send, or null when it sets no such limit
   * @param context what a later {@link OutboundMessage} to this conversation needs (mail subject
   *     and references, the number that was called): at most 8 entries of at most 1,024 characters;
   *     a later message's entries replace earlier ones of the same name
   */
  record Received(
      String key,
      ContactRef contact,
      @Nullable String thread,
      Instant sentAt,
      long platformOrder,
      MessageContent content,
      @Nullable String replyTo,
      boolean automatic,
      @Nullable SendGrant grant,
      Map<String, String> context)
      implements InboundEvent {
    public Received {
      context = Map.copyOf(context);
    }

    /** The common case: a person's message with nothing special about it. */
    public static Received of(
        String key, ContactRef contact, Instant sentAt, MessageContent content) {
      return new Received(key, contact, null, sentAt, 0, content, null, false, null, Map.of());
    }
  }

  /** The customer changed a message; {@code target} is the {@code key} of the first version. */
  record Edited(
      String key,
      ContactRef contact,
      @Nullable String thread,
      Instant sentAt,
      String target,
      MessageContent content)
      implements InboundEvent {}

  /** The customer withdrew a message. */
  record Deleted(
      String key, ContactRef contact, @Nullable String thread, Instant sentAt, String target)
      implements InboundEvent {}

  /**
   * The platform reports on a message of ours; {@code target} is the external id that {@link
   * SendResult.Accepted} returned for it.
   *
   * @param reason why it failed, in the platform's words, or null
   */
  record Receipt(
      String key,
      ContactRef contact,
      @Nullable String thread,
      Instant sentAt,
      String target,
      DeliveryStatus status,
      @Nullable String reason)
      implements InboundEvent {}

  /**
   * Something that is not a message (follow, scan, menu click, reaction, call progress). It is
   * appended to the open conversation if there is one and otherwise only counted; it starts and
   * stops no clock, but may carry a grant.
   */
  record Signalled(
      String key,
      ContactRef contact,
      @Nullable String thread,
      Instant sentAt,
      MessageContent.Event event,
      @Nullable SendGrant grant)
      implements InboundEvent {}
}
