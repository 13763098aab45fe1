// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.Triage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A triage being put together: what is set stays, what is not may still be. */
final class TriageDraft {

  private static final int USUAL_PRIORITY = 5;

  private @Nullable String queue;
  private @Nullable String promise;
  private @Nullable Integer priority;
  private @Nullable String language;
  private @Nullable String category;
  private @Nullable String complaint;
  private Map<String, Integer> skills = Map.of();
  private List<String> tags = List.of();
  private Steps steps = Steps.NONE;
  private @Nullable String agent;
  private final Map<String, String> because = new HashMap<>();

  /** Whether {@code set} sets a key that nothing has set yet. */
  boolean gainsFrom(FrontdeskConfig.TriageSet set) {
    return gains(queue, set.queue())
        || gains(promise, set.promise())
        || gains(priority, set.priority())
        || gains(language, set.language())
        || gains(category, set.category())
        || gains(complaint, set.complaint())
        || gains(agent, set.agent())
        || (steps.isEmpty() && !set.steps().isEmpty())
        || (skills.isEmpty() && !set.skills().isEmpty())
        || (tags.isEmpty() && !set.tags().isEmpty());
  }

  private static boolean gains(@Nullable Object now, @Nullable Object offered) {
    return now == null && offered != null;
  }

  /** Takes what rule number {@code index} sets and none before it did. */
  void take(FrontdeskConfig.TriageSet set, int index) {
    take(
        new Triage.Advice(
            set.queue(),
            set.promise(),
            set.priority(),
            set.skills(),
            set.language(),
            set.category(),
            set.complaint(),
            set.tags()),
        "triage[" + index + "]");
    agent = first("agent", agent, set.agent(), "triage[" + index + "]");
    if (steps.isEmpty() && !set.steps().isEmpty()) {
      steps = TriageRules.steps(set.steps());
      because.put("steps", "triage[" + index + "]");
    }
  }

  /** Takes what {@code rule} says and nothing before it did. */
  void take(Triage.Advice said, String rule) {
    queue = first("queue", queue, said.queue(), rule);
    promise = first("promise", promise, said.promise(), rule);
    priority = first("priority", priority, said.priority(), rule);
    language = first("language", language, said.language(), rule);
    category = first("category", category, said.category(), rule);
    complaint = first("complaint", complaint, said.complaint(), rule);
    if (skills.isEmpty() && !said.skills().isEmpty()) {
      skills = said.skills();
      because.put("skills", rule);
    }
    if (tags.isEmpty() && !said.tags().isEmpty()) {
      tags = said.tags();
      because.put("tags", rule);
    }
  }

  private <T> @Nullable T first(String key, @Nullable T now, @Nullable T said, String rule) {
    if (gains(now, said)) {
      because.put(key, rule);
      return said;
    }
    return now;
  }

  /**
   * The triage, with the defaults for what no rule set.
   *
   * @param spoken the language the platform told or the text showed, which a rule overrides
   */
  Triage.Explained complete(FrontdeskConfig.Defaults defaults, @Nullable String spoken) {
    Triage triage =
        new Triage(
            queue == null ? defaults.queue() : queue,
            promise == null ? defaults.promise() : promise,
            priority == null ? USUAL_PRIORITY : priority,
            skills,
            language == null ? spoken : language,
            category,
            complaint,
            tags,
            steps.isEmpty() && agent == null
                ? Triage.Aim.NOBODY
                : new Triage.Aim(steps, agent == null ? null : new Agent.Id(agent)));
    return new Triage.Explained(triage, because);
  }
}
