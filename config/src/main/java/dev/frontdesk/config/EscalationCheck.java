// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What ladders ask of the rest of their workspace: that whom they tell supervises, and that their
 * clocks can run. Works on the tree, so that a bad value elsewhere hides nothing.
 */
final class EscalationCheck {

  /** A bit of an int each, in the state of a conversation. */
  static final int MOST_LEVELS = 16;

  private final Problems problems;

  EscalationCheck(Problems problems) {
    this.problems = problems;
  }

  void check(JsonNode tree) {
    for (Map.Entry<String, JsonNode> workspace : tree.path("workspaces").properties()) {
      Path path = Path.ROOT.child("workspaces").child(workspace.getKey()).child("promises");
      for (Map.Entry<String, JsonNode> promise :
          workspace.getValue().path("promises").properties()) {
        ladder(
            promise.getValue(),
            workspace.getValue().path("agents"),
            path.child(promise.getKey()).child("escalation"));
      }
    }
  }

  private void ladder(JsonNode promise, JsonNode agents, Path path) {
    JsonNode levels = promise.path("escalation");
    if (levels.size() > MOST_LEVELS) {
      problems.add(
          path, "found " + levels.size() + " levels, expected " + MOST_LEVELS + " at most");
    }
    for (int i = 0; i < levels.size(); i++) {
      JsonNode level = levels.path(i);
      Path at = path.element(i);
      clock(promise, level.path("clock").asText("firstResponse"), at.child("clock"));
      JsonNode to = level.path("to");
      supervisor(agents, to.path("supervisor"), at.child("to").child("supervisor"));
      group(agents, to.path("group"), at.child("to").child("group"));
    }
  }

  private void clock(JsonNode promise, String clock, Path path) {
    boolean optional =
        clock.equals("nextResponse") || clock.equals("resolution") || clock.equals("supplier");
    if (optional && promise.path(clock).isMissingNode()) {
      problems.add(path, "found " + clock + ", which is not promised here, expected its time too");
    }
  }

  private void supervisor(JsonNode agents, JsonNode name, Path path) {
    JsonNode agent = agents.path(name.asText());
    if (name.isTextual() && agent.isObject() && !supervises(agent)) {
      problems.add(path, Scalars.found(name) + ", expected one of role supervisor");
    }
  }

  private void group(JsonNode agents, JsonNode queue, Path path) {
    boolean anybody =
        agents
            .propertyStream()
            .map(Map.Entry::getValue)
            .anyMatch(agent -> supervises(agent) && serves(agent, queue.asText()));
    if (queue.isTextual() && !anybody) {
      problems.add(
          path, Scalars.found(queue) + ", which no supervisor serves, expected one who does");
    }
  }

  private static boolean supervises(JsonNode agent) {
    return agent.path("role").asText().equals("supervisor");
  }

  private static boolean serves(JsonNode agent, String queue) {
    for (JsonNode one : agent.path("queues")) {
      if (one.asText().equals(queue)) {
        return true;
      }
    }
    return false;
  }
}
