// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What triage gave a conversation.
 *
 * @param priority 1 highest … 9
 * @param skills required skill to least level
 * @param because key to the rule that set it, {@code triage[0]}; keys with their default are
 *     absent. Said by {@link Rules} and kept in the history only, not in the state
 */
public record Triage(
    String queue,
    String promise,
    int priority,
    Map<String, Integer> skills,
    @Nullable String language,
    @Nullable String category,
    @Nullable String complaint,
    List<String> tags,
    Map<String, String> because) {
  public Triage {
    skills = Map.copyOf(skills);
    tags = List.copyOf(tags);
    because = Map.copyOf(because);
  }

  /** One that nobody asks the reasons of. */
  public Triage(
      String queue,
      String promise,
      int priority,
      Map<String, Integer> skills,
      @Nullable String language,
      @Nullable String category,
      @Nullable String complaint,
      List<String> tags) {
    this(queue, promise, priority, skills, language, category, complaint, tags, Map.of());
  }

  /** The same without its reasons. */
  Triage plain() {
    return because.isEmpty()
        ? this
        : new Triage(queue, promise, priority, skills, language, category, complaint, tags);
  }

  /** Classifies a customer message; pure, never throws: a rule that errors counts as false. */
  @FunctionalInterface
  public interface Rules {
    Triage classify(Subject subject);
  }

  /** What rules look at. */
  public record Subject(
      String channel,
      String connector,
      String family,
      String contact,
      @Nullable String contactName,
      @Nullable String tier,
      Map<String, String> attributes,
      String kind,
      String text,
      @Nullable String language) {
    public Subject {
      attributes = Map.copyOf(attributes);
    }
  }
}
