// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

/**
 * One armed deadline in Redis. A timer whose generation is not the current one of its subject is
 * stale and has no effect.
 *
 * @param subject id of the conversation, agent, bot or customer, or what stands for a notice or for
 *     a message that did not come; never contains {@code :}
 */
public record Timer(Kind kind, String subject, int generation) {

  /** What falls due; the code is what stands in Redis. */
  public enum Kind {
    WARNING('w', Subject.CONVERSATION),
    BREACH('b', Subject.CONVERSATION),
    NEXT_WARNING('i', Subject.CONVERSATION),
    NEXT_BREACH('j', Subject.CONVERSATION),
    RESOLUTION_WARNING('t', Subject.CONVERSATION),
    RESOLUTION_BREACH('e', Subject.CONVERSATION),
    SUPPLIER_WARNING('c', Subject.CONVERSATION),
    SUPPLIER_BREACH('y', Subject.CONVERSATION),
    FOLLOW_UP_WARNING('d', Subject.CONVERSATION),
    FOLLOW_UP_BREACH('f', Subject.CONVERSATION),
    /** The next level of a promise's ladder. */
    ESCALATION('g', Subject.CONVERSATION),
    OFFER('o', Subject.CONVERSATION),
    PAUSE('p', Subject.CONVERSATION),
    REOPEN_WINDOW('r', Subject.CONVERSATION),
    BOT_SILENT('s', Subject.CONVERSATION),
    RETENTION('x', Subject.CONVERSATION),
    /** A conversation that waited long enough in its queue goes to another. */
    OVERFLOW('q', Subject.CONVERSATION),
    /** What waits without a clock that runs is late in its queue. */
    LATE('L', Subject.CONVERSATION),
    /** A conversation that waits for the customer costs less. */
    INACTIVE('m', Subject.CONVERSATION),
    /** Whoever accepted it says nothing: taken back. While it waits: reserved for supervisors. */
    RETURN('n', Subject.CONVERSATION),
    /** The capacity that a resolved conversation still takes becomes free. */
    WRAP_UP('u', Subject.CONVERSATION),
    /** The platform's window is over: nobody can answer until the customer writes. */
    WINDOW('h', Subject.CONVERSATION),
    /** The presence lease of an agent lapses. */
    PRESENCE('l', Subject.AGENT),
    /** An agent whose lease lapsed did not come back: its conversations move. */
    VANISHED('v', Subject.AGENT),
    /** A bot without a session did not come back: its conversations go to people. */
    BOT_LOST('z', Subject.BOT),
    /** Nobody has ended the erasure of a customer: it goes on. */
    ERASURE('k', Subject.CUSTOMER),
    /** A level of a ladder has a message to send to a contact; see {@link Notice}. */
    NOTICE('a', Subject.NOTICE),
    /** Edits and withdrawals waited long enough for a message that did not come. */
    ORPHAN('O', Subject.ORPHAN);

    private final char code;
    private final Subject subject;

    Kind(char code, Subject subject) {
      this.code = code;
      this.subject = subject;
    }

    public char code() {
      return code;
    }

    public Subject subject() {
      return subject;
    }

    /** Reads {@link #code()}; throws IllegalArgumentException on anything else. */
    public static Kind of(char code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("timer kind '" + code + "' is not known");
    }
  }

  public enum Subject {
    CONVERSATION,
    AGENT,
    BOT,
    CUSTOMER,
    NOTICE,
    ORPHAN
  }

  /** The member of the sorted set: {@code b:<subject>:<generation>}. */
  public String member() {
    return kind.code() + ":" + subject + ":" + generation;
  }

  /** Reads {@link #member()}; throws IllegalArgumentException on anything else. */
  public static Timer parse(String member) {
    int last = member.lastIndexOf(':');
    if (member.length() < 5 || member.charAt(1) != ':' || last < 3) {
      throw new IllegalArgumentException("'" + member + "' is no timer, expected kind:subject:n");
    }
    return new Timer(
        Kind.of(member.charAt(0)),
        member.substring(2, last),
        Integer.parseInt(member.substring(last + 1)));
  }
}
