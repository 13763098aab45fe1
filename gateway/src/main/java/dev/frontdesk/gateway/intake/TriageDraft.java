// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Triage;
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

  void take(FrontdeskConfig.TriageSet set) {
    queue = queue == null ? set.queue() : queue;
    promise = promise == null ? set.promise() : promise;
    priority = priority == null ? set.priority() : priority;
    language = language == null ? set.language() : language;
    category = category == null ? set.category() : category;
    complaint = complaint == null ? set.complaint() : complaint;
    skills = skills.isEmpty() ? set.skills() : skills;
    tags = tags.isEmpty() ? set.tags() : tags;
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
        tags);
  }
}
