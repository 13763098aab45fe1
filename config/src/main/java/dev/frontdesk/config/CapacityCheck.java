// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether somebody can hold what a channel's conversations cost: else they wait for ever. Works on
 * the tree, so that a bad value elsewhere hides nothing.
 */
final class CapacityCheck {

  private static final int COST = 1;
  private static final int CAPACITY = 4;

  private final Problems problems;

  CapacityCheck(Problems problems) {
    this.problems = problems;
  }

  void check(JsonNode tree) {
    for (Map.Entry<String, JsonNode> workspace : tree.path("workspaces").properties()) {
      Path path = Path.ROOT.child("workspaces").child(workspace.getKey()).child("channels");
      for (Map.Entry<String, JsonNode> channel :
          workspace.getValue().path("channels").properties()) {
        int cost = channel.getValue().path("cost").asInt(COST);
        Set<String> queues = queues(workspace.getValue(), channel.getKey());
        fits(cost, queues, workspace.getValue(), path.child(channel.getKey()).child("cost"));
      }
    }
  }

  /** Nobody to serve these queues is another matter: people may be named later. */
  private void fits(int cost, Set<String> queues, JsonNode workspace, Path path) {
    int most = 0;
    for (JsonNode agent : workspace.path("agents")) {
      boolean serves = false;
      for (JsonNode queue : agent.path("queues")) {
        serves |= queues.contains(queue.asText());
      }
      if (serves) {
        most = Math.max(most, capacity(agent));
      }
    }
    if (most > 0 && cost > most) {
      problems.add(
          path,
          "found "
              + cost
              + ", expected "
              + most
              + " at most: nobody who serves "
              + String.join(", ", queues)
              + " has more capacity");
    }
  }

  /** What is no number is said elsewhere, and may hold everything here. */
  private static int capacity(JsonNode agent) {
    JsonNode capacity = agent.path("capacity");
    int found = capacity.isMissingNode() ? CAPACITY : capacity.asInt(0);
    return found > 0 ? found : Integer.MAX_VALUE;
  }

  /** Where its conversations may wait without anybody having moved them there. */
  private static Set<String> queues(JsonNode workspace, String channel) {
    Set<String> queues = new TreeSet<>();
    JsonNode all = workspace.path("queues");
    if (!workspace.path("classifier").isMissingNode() || hasBot(workspace, channel)) {
      all.fieldNames().forEachRemaining(queues::add);
      return queues;
    }
    Deque<String> found = new ArrayDeque<>();
    found.add(workspace.path("defaults").path("queue").asText());
    workspace.path("triage").forEach(rule -> found.add(rule.path("set").path("queue").asText()));
    while (!found.isEmpty()) {
      String queue = found.remove();
      if (!queue.isEmpty() && queues.add(queue)) {
        found.add(all.path(queue).path("overflow").path("queue").asText());
      }
    }
    return queues;
  }

  /** A bot hands over to any queue. */
  private static boolean hasBot(JsonNode workspace, String channel) {
    for (JsonNode bot : workspace.path("bots")) {
      for (JsonNode one : bot.path("channels")) {
        if (one.asText().equals(channel)) {
          return true;
        }
      }
    }
    return false;
  }
}
