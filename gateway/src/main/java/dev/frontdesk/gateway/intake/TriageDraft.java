// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.config.FrontdeskConfig;
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
  private final Map<String, String> because = new HashMap<>();

  /** Whether {@code set} sets a key that nothing has set yet. */
  boolean gainsFrom(FrontdeskConfig.TriageSet set) {
    return gains(queue, set.queue())
        || gains(promise, set.promise())
        || gains(priority, set.priority())
        || gains(language, set.language())
        || gains(category, set.category())
        || gains(complaint, set.complaint())
        || (skills.isEmpty() && !set.skills().isEmpty())
        || (tags.isEmpty() && !set.tags().isEmpty());
  }

  private static boolean gains(@Nullable Object now, @Nullable Object offered) {
    return now == null && offered != null;
  }

  /** {@code rule}: how the configuration names it. */
  void take(FrontdeskConfig.TriageSet set, String rule) {
    queue = first("queue", queue, set.queue(), rule);
    promise = first("promise", promise, set.promise(), rule);
    priority = first("priority", priority, set.priority(), rule);
    language = first("language", language, set.language(), rule);
    category = first("category", category, set.category(), rule);
    complaint = first("complaint", complaint, set.complaint(), rule);
    if (skills.isEmpty() && !set.skills().isEmpty()) {
      skills = set.skills();
      because.put("skills", rule);
    }
    if (tags.isEmpty() && !set.tags().isEmpty()) {
      tags = set.tags();
      because.put("tags", rule);
    }
  }

  private <T> @Nullable T first(String key, @Nullable T now, @Nullable T offered, String rule) {
    if (gains(now, offered)) {
      because.put(key, rule);
      return offered;
    }
    return now;
  }

  /**
   * The triage, with the defaults for what no rule set.
   *
   * @param spoken the language the platform told, which a rule overrides
   */
  Triage complete(FrontdeskConfig.Defaults defaults, @Nullable String spoken) {
    return new Triage(
        queue == null ? defaults.queue() : queue,
        promise == null ? defaults.promise() : promise,
        priority == null ? USUAL_PRIORITY : priority,
        skills,
        language == null ? spoken : language,
        category,
        complaint,
        tags,
        because);
  }
}
