// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code promises.<name>.escalation[]}: one level of the ladder of a promise that is not kept. */
public record EscalationLevel(
    @Default("breach")
        @OneOf({"warning", "breach"})
        @Doc("What it counts from: the first warning, or the breach.")
        String after,
    @Default("0s")
        @Between(min = 0)
        @Doc("Time from there, on the promise's calendar, until it is told.")
        Duration delay,
    @Nullable @Doc("Instead of after and delay: so long before the deadline.") Duration before,
    @Default("firstResponse")
        @OneOf({"firstResponse", "nextResponse", "resolution", "supplier", "followUp"})
        @Doc("The clock it looks at.")
        String clock,
    @Doc("Who is told: one of supervisor, group, event, channel.") To to) {
  public EscalationLevel {
    if (before != null && (!delay.isZero() || !after.equals("breach"))) {
      throw new IllegalArgumentException(
          "before stands beside after or delay, expected one or the other");
    }
  }

  /** {@code promises.<name>.escalation[].to}. */
  public record To(
      @Nullable @RefersTo("agents") @Doc("A supervisor, by a row in the inbox.") String supervisor,
      @Nullable @RefersTo("queues") @Doc("A queue: every supervisor who serves it.") String group,
      @Nullable
          @RefersTo("events")
          @Doc("An endpoint of events: it gets promise.escalated, asked for or not.")
          String event,
      @Nullable @RefersTo("channels") @Doc("A channel, to send a message by.") String channel,
      @Nullable @Doc("With channel: who gets the message, as the platform names them.")
          String contact,
      @Default(USUAL_TEXT)
          @Doc(
              "With channel: what it says. {conversation}, {channel}, {queue}, {promise}, {level},"
                  + " {owner} are filled in.")
          String text) {

    static final String USUAL_TEXT =
        "\"Nobody answered {conversation} in time: promise {promise}, queue {queue}, level"
            + " {level}\"";

    private static final int LONGEST = 1_000;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");
    private static final List<String> KNOWN =
        List.of("conversation", "channel", "queue", "promise", "level", "owner");

    public To {
      if (Stream.of(supervisor, group, event, channel).filter(one -> one != null).count() != 1) {
        throw new IllegalArgumentException(
            "expected exactly one of supervisor, group, event and channel");
      }
      if ((channel == null) != (contact == null) || (contact != null && contact.isBlank())) {
        throw new IllegalArgumentException(
            "channel and contact belong together, expected both or neither");
      }
      if (text.isBlank() || text.length() > LONGEST) {
        throw new IllegalArgumentException(
            "text is empty or long, expected 1 to " + LONGEST + " characters");
      }
      PLACEHOLDER.matcher(text).results().forEach(To::known);
    }

    private static void known(MatchResult found) {
      if (!KNOWN.contains(found.group(1))) {
        throw new IllegalArgumentException(
            "text has a placeholder that is none of " + KNOWN + ", expected only those");
      }
    }
  }
}
