// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.EscalationLevel;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Ladder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Makes the ladders of one workspace of its configuration. */
final class EscalationLadders {
  private final FrontdeskConfig.Workspace config;

  EscalationLadders(FrontdeskConfig.Workspace config) {
    this.config = config;
  }

  Ladder of(FrontdeskConfig.Promise promise) {
    return Ladder.of(promise.escalation().stream().map(this::level).toList());
  }

  private Ladder.Level level(EscalationLevel level) {
    ClockKind clock =
        Arrays.stream(ClockKind.values())
            .filter(kind -> kind.label().equals(level.clock()))
            .findFirst()
            .orElseThrow();
    if (level.before() != null) {
      return new Ladder.Level(clock, Ladder.Moment.BEFORE, level.before(), target(level.to()));
    }
    boolean warning = level.after().equals("warning");
    return new Ladder.Level(
        clock,
        warning ? Ladder.Moment.WARNING : Ladder.Moment.BREACH,
        level.delay(),
        target(level.to()));
  }

  private Ladder.Target target(EscalationLevel.To to) {
    if (to.supervisor() != null) {
      return new Ladder.Supervisors(to.supervisor(), false, List.of(new Agent.Id(to.supervisor())));
    }
    if (to.group() != null) {
      return new Ladder.Supervisors(to.group(), true, supervisors(to.group()));
    }
    return to.event() != null
        ? new Ladder.Endpoint(to.event())
        : new Ladder.Person(
            Objects.requireNonNull(to.channel()), Objects.requireNonNull(to.contact()), to.text());
  }

  private List<Agent.Id> supervisors(String queue) {
    return config.agents().entrySet().stream()
        .filter(entry -> entry.getValue().role().equals("supervisor"))
        .filter(entry -> entry.getValue().queues().contains(queue))
        .map(entry -> new Agent.Id(entry.getKey()))
        .sorted(java.util.Comparator.comparing(Agent.Id::value))
        .toList();
  }
}
