// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.problem.GatewayException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in an agent's inbox: {@code EPOCH~ms-n}, and while a snapshot is being paged {@code
 * EPOCH~ms-n~ID}. Opaque to clients.
 *
 * @param epoch 16 characters that stand for the incarnation of the store
 * @param row the last row that was seen, {@code 0-0} for none
 * @param after the last conversation of the snapshot that was seen, or null after the snapshot
 */
record InboxCursor(String epoch, String row, @Nullable String after) {

  /** Before the first row. */
  static final String NO_ROW = "0-0";

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_-]{16})~(\\d{1,18}-\\d{1,18})(?:~([A-Za-z0-9._-]{1,64}))?");

  /** What stands for a store's epoch in cursors. */
  static String epochOf(String storeEpoch) {
    return ContactKey.digestOf(storeEpoch);
  }

  /** Reads a cursor; MALFORMED unless it has the form of one. */
  static InboxCursor parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new GatewayException(
          GatewayException.Kind.MALFORMED,
          "malformed",
          "cursor is not one of this gateway, expected the one of the last answer");
    }
    return new InboxCursor(form.group(1), form.group(2), form.group(3));
  }

  InboxCursor at(String otherRow) {
    return new InboxCursor(epoch, otherRow, null);
  }

  InboxCursor snapshotAfter(String conversation) {
    return new InboxCursor(epoch, row, conversation);
  }

  String encode() {
    return epoch + "~" + row + (after == null ? "" : "~" + after);
  }

  /** Orders rows by age: milliseconds, then number. */
  static int compareRows(String one, String other) {
    int dash = one.indexOf('-');
    int otherDash = other.indexOf('-');
    int byMillis =
        Long.compare(
            Long.parseLong(one.substring(0, dash)), Long.parseLong(other.substring(0, otherDash)));
    return byMillis != 0
        ? byMillis
        : Long.compare(
            Long.parseLong(one.substring(dash + 1)),
            Long.parseLong(other.substring(otherDash + 1)));
  }
}
