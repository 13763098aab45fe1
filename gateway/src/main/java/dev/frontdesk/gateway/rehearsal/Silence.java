// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps what the rehearsed gateway says out of the log: nobody connected, and nothing has begun.
 * What the rehearsal says of itself stays. Thread-safe; an appender calls it on the thread that
 * logs.
 */
public final class Silence extends Filter<ILoggingEvent> {

  /** The thread group of a rehearsal: threads are in the group of the thread that made them. */
  static final String GROUP = "rehearsal";

  private static final String OWN = Silence.class.getPackageName() + ".";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    return group != null && group.getName().equals(GROUP) && !event.getLoggerName().startsWith(OWN)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
