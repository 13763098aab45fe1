// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.time.Duration;

/**
 * How long to wait before a server that died is started again: {@link #FIRST} after one that had
 * been healthy for {@link #HEALTHY}, twice the last pause, up to {@link #LONGEST}, after one that
 * ended sooner or did not start. So a lone crash costs next to nothing and one that cannot run is
 * not tried more than six times a minute.
 *
 * <p>One caller at a time; each sees what the one before wrote.
 */
final class RestartPause {

  static final Duration FIRST = Duration.ofMillis(50);
  static final Duration LONGEST = Duration.ofSeconds(10);

  /** Answering for this long counts as healthy: a file that kills its reader does so at once. */
  static final Duration HEALTHY = Duration.ofSeconds(1);

  private volatile Duration next = FIRST;

  /** The pause after a server that answered for {@code healthy}, zero when it never did. */
  Duration after(Duration healthy) {
    Duration pause = healthy.compareTo(HEALTHY) < 0 ? next : FIRST;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return pause;
  }
}
