// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.store.memory.VirtualTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The newest events of a simulation, for the message of a failure, and a digest of all of them. */
final class Trail {

  private static final int SHOWN = Integer.getInteger("simulation.trail", 30);

  private record Line(Instant at, String who, Object what) {
    @Override
    public String toString() {
      return at.toString().substring(11) + " " + who + ": " + what;
    }
  }

  private final VirtualTime time;
  private final Deque<Line> newest = new ArrayDeque<>();
  private long count;
  private int digest;
  private boolean frozen;

  Trail(VirtualTime time) {
    this.time = time;
  }

  /** What comes from now on is not shown: something went wrong already. */
  void freeze() {
    frozen = true;
  }

  void add(String who, Object what) {
    if (frozen) {
      return;
    }
    Line line = new Line(time.now(), who, what);
    count++;
    digest = 31 * digest + line.hashCode();
    newest.add(line);
    if (newest.size() > SHOWN) {
      newest.remove();
    }
  }

  long count() {
    return count;
  }

  /** The same for two runs that did the same. */
  int digest() {
    return digest;
  }

  @Override
  public String toString() {
    return newest.stream().map(Line::toString).collect(Collectors.joining("\n"));
  }
}
