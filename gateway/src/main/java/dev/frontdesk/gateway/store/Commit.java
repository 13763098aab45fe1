// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One atomic step: all guards hold and all writes happen, or nothing does.
 *
 * @param workspace whose keys these are; its store epoch is the first guard, added by the store
 * @param now the store's time the decision was made with; refused when more than 1 s away
 * @param urgency whether it may run when the store is at {@code maxmemory}
 * @param wakeUps topics published with the commit: {@code a:alice}, {@code c:ID}, {@code q}, {@code
 *     t}, {@code o}, {@code e}, {@code b:faq}; told in natural order, the same in every JVM
 */
public record Commit(
    String workspace,
    Instant now,
    Urgency urgency,
    List<Guard> guards,
    List<Write> writes,
    Set<String> wakeUps) {

  public Commit {
    guards = List.copyOf(guards);
    writes = List.copyOf(writes);
    wakeUps = Collections.unmodifiableSet(new TreeSet<>(wakeUps));
  }

  public enum Urgency {
    /** New customer messages and events: refused at {@code maxmemory}. */
    INTAKE,
    /** Everything that lets work flow off: passes at {@code maxmemory}. */
    RELEASING
  }

  public static Builder of(String workspace, Instant now, Urgency urgency) {
    return new Builder(workspace, now, urgency);
  }

  /** Collects guards and writes in order. Not thread-safe. */
  public static final class Builder {
    private final String workspace;
    private final Instant now;
    private final Urgency urgency;
    private final List<Guard> guards = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private final Set<String> wakeUps = new LinkedHashSet<>();

    private Builder(String workspace, Instant now, Urgency urgency) {
      this.workspace = workspace;
      this.now = now;
      this.urgency = urgency;
    }

    public Builder guard(Guard guard) {
      guards.add(guard);
      return this;
    }

    public Builder write(Write write) {
      writes.add(write);
      return this;
    }

    public Builder wake(String topic) {
      wakeUps.add(topic);
      return this;
    }

    public Builder wake(Collection<String> topics) {
      wakeUps.addAll(topics);
      return this;
    }

    public Commit build() {
      return new Commit(workspace, now, urgency, guards, writes, wakeUps);
    }
  }
}
