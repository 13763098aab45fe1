// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param seq 1, 2, 3 … in order of storing, without a gap
 * @param externalId the platform's name of it: the event key inbound, what the platform returned
 *     outbound
 * @param order the platform's own order for display, or 0
 * @param delivery outbound only, else null
 * @param failure why the delivery failed, or null
 * @param editedAt platform time of the newest edit that was applied, or null
 * @param deleted withdrawn by its author; the content is then empty
 */
public record Message(
    int seq,
    Direction direction,
    Author author,
    MessageContent content,
    @Nullable String externalId,
    @Nullable String replyTo,
    Instant sentAt,
    Instant receivedAt,
    long order,
    @Nullable DeliveryStatus delivery,
    @Nullable String failure,
    @Nullable Instant editedAt,
    boolean deleted) {

  public enum Direction {
    INBOUND,
    OUTBOUND,
    NOTE;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The public id: conversation and seq. */
  public static String id(Conversation.Id conversation, int seq) {
    return conversation.value() + "." + seq;
  }

  public Message delivered(
      DeliveryStatus status, @Nullable String external, @Nullable String reason) {
    return new Message(
        seq,
        direction,
        author,
        content,
        external == null ? externalId : external,
        replyTo,
        sentAt,
        receivedAt,
        order,
        status,
        reason,
        editedAt,
        deleted);
  }

  public Message edited(MessageContent other, Instant at) {
    return new Message(
        seq,
        direction,
        author,
        other,
        externalId,
        replyTo,
        sentAt,
        receivedAt,
        order,
        delivery,
        failure,
        at,
        deleted);
  }

  public Message withdrawn() {
    return new Message(
        seq,
        direction,
        author,
        new MessageContent.Text(""),
        externalId,
        replyTo,
        sentAt,
        receivedAt,
        order,
        delivery,
        failure,
        editedAt,
        true);
  }
}
