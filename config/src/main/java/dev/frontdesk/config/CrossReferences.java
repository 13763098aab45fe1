// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one value says about another: names that must exist, tokens that must differ, channels that
 * one bot may have. Works on the tree, not on the records, so that a bad value elsewhere hides
 * nothing.
 */
final class CrossReferences {

  // What fits an Authorization header (RFC 6750 allows a part of this). Twelve characters at random
  // are 71 bits, more than can be tried over a network; init makes 32.
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{12,512}");

  /** One bit of a long each, with one to spare. */
  private static final int MAX_TABLES = 63;

  private static final int MAX_WORDS = 10_000;
  private static final int MAX_WORD = 64;
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final JsonNode tree;
  private final Problems problems;
  private final RuleCheck rules;
  private final Map<String, Path> tokens = new HashMap<>();

  CrossReferences(JsonNode tree, Problems problems, RuleCheck rules) {
    this.tree = tree;
    this.problems = problems;
    this.rules = rules;
  }

  void check(List<RecordBinder.Reference> references) {
    references.forEach(this::resolve);
    Path workspaces = Path.ROOT.child("workspaces");
    if (tree.path("workspaces").isObject() && tree.path("workspaces").isEmpty()) {
      problems.add(workspaces, "found none, expected at least one workspace");
    }
    for (Map.Entry<String, JsonNode> workspace : tree.path("workspaces").properties()) {
      Path path = workspaces.child(workspace.getKey());
      tokensDiffer(workspace.getValue().path("agents"), path.child("agents"));
      tokensDiffer(workspace.getValue().path("bots"), path.child("bots"));
      oneBotPerChannel(workspace.getValue().path("bots"), path.child("bots"));
      conditionsCompile(
          workspace.getValue().path("triage"), path.child("triage"), flags(workspace.getValue()));
      wordTables(workspace.getValue().path("words"), path.child("words"));
      overflowEnds(workspace.getValue().path("queues"), path.child("queues"));
    }
  }

  private void resolve(RecordBinder.Reference reference) {
    List<String> segments = reference.path().segments();
    JsonNode section = tree.path("workspaces").path(segments.get(1)).path(reference.section());
    boolean noneNeeded =
        (reference.section().equals("calendars") || reference.section().equals("agents"))
            && section.isMissingNode();
    if ((!section.isObject() && !noneNeeded) || section.has(reference.name())) {
      return;
    }
    List<String> names = section.propertyStream().map(Map.Entry::getKey).toList();
    problems.add(
        reference.path(),
        "found "
            + Path.shown(reference.name())
            + ", expected one of "
            + reference.section()
            + ": "
            + Suggestion.list(names)
            + Suggestion.among(reference.name(), names));
  }

  private void tokensDiffer(JsonNode holders, Path path) {
    for (Map.Entry<String, JsonNode> holder : holders.properties()) {
      Path at = path.child(holder.getKey()).child("token");
      JsonNode token = holder.getValue().path("token");
      if (token.isArray()) {
        token.forEach(one -> tokenDiffers(one, at));
      } else {
        tokenDiffers(token, at);
      }
    }
  }

  private void tokenDiffers(JsonNode token, Path at) {
    if (!token.isTextual() || token.textValue().isEmpty()) {
      return;
    }
    if (!TOKEN.matcher(token.textValue()).matches()) {
      problems.add(at, "is no token, expected 12 to 512 visible ASCII characters");
    }
    Path other = tokens.putIfAbsent(token.textValue(), at);
    if (other != null) {
      problems.add(at, "equal to " + other + ", expected a token of its own");
    }
  }

  private void oneBotPerChannel(JsonNode bots, Path path) {
    Map<String, Path> taken = new HashMap<>();
    for (Map.Entry<String, JsonNode> bot : bots.properties()) {
      Path at = path.child(bot.getKey()).child("channels");
      for (JsonNode channel : bot.getValue().path("channels")) {
        Path other = taken.putIfAbsent(channel.asText(), at);
        if (other != null) {
          problems.add(at, Scalars.found(channel) + ", which " + other + " has, expected one bot");
        }
      }
    }
  }

  private static Set<String> flags(JsonNode workspace) {
    return Stream.concat(
            names(workspace, "calendars", RuleCheck.HOURS),
            names(workspace, "words", RuleCheck.WORDS))
        .collect(Collectors.toSet());
  }

  private static Stream<String> names(JsonNode workspace, String section, String prefix) {
    return workspace.path(section).propertyStream().map(entry -> prefix + entry.getKey());
  }

  private void wordTables(JsonNode tables, Path path) {
    if (tables.size() > MAX_TABLES) {
      problems.add(path, "found " + tables.size() + " tables, expected " + MAX_TABLES + " at most");
    }
    for (Map.Entry<String, JsonNode> table : tables.properties()) {
      Path at = path.child(table.getKey());
      if (!IDENTIFIER.matcher(table.getKey()).matches()) {
        problems.add(
            at, "not usable in a condition, expected letters, digits and _, not a digit first");
      }
      if (table.getValue().size() > MAX_WORDS) {
        problems.add(
            at, "found " + table.getValue().size() + " words, expected " + MAX_WORDS + " at most");
      }
      for (int i = 0; i < table.getValue().size(); i++) {
        String word = table.getValue().path(i).asText();
        if (word.replace("*", "").isBlank() || word.length() > MAX_WORD) {
          problems.add(
              at.element(i), "empty or long, expected 1 to " + MAX_WORD + " characters of a word");
        }
      }
    }
  }

  /** Following overflows must come to a queue that keeps everything, never in a circle. */
  private void overflowEnds(JsonNode queues, Path path) {
    for (Map.Entry<String, JsonNode> queue : queues.properties()) {
      Set<String> passed = new LinkedHashSet<>();
      String at = queue.getKey();
      while (queues.has(at) && passed.add(at)) {
        at = queues.path(at).path("overflow").path("queue").asText();
      }
      if (at.equals(queue.getKey())) {
        problems.add(
            path.child(at).child("overflow").child("queue"),
            "goes in a circle ("
                + String.join(" to ", passed)
                + " to "
                + at
                + "), expected a queue that does not come back");
      }
    }
  }

  private void conditionsCompile(JsonNode triage, Path path, Set<String> names) {
    for (int i = 0; i < triage.size(); i++) {
      Path at = path.element(i).child("when");
      JsonNode when = triage.path(i).path("when");
      if (when.isTextual()) {
        rules.problems(when.textValue(), names).forEach(problem -> problems.add(at, problem));
      }
    }
  }
}
