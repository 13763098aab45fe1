// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What triage gave a conversation.
 *
 * @param priority 1 highest … 9
 * @param skills required skill to least level
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
    Aim aim) {
  public Triage {
    skills = Map.copyOf(skills);
    tags = List.copyOf(tags);
  }

  /** A triage that is for nobody first. */
  public Triage(
      String queue,
      String promise,
      int priority,
      Map<String, Integer> skills,
      @Nullable String language,
      @Nullable String category,
      @Nullable String complaint,
      List<String> tags) {
    this(queue, promise, priority, skills, language, category, complaint, tags, Aim.NOBODY);
  }

  /**
   * Who is to have it first.
   *
   * @param steps what is asked of agents for a while; none: what the queue asks
   * @param agent who is preferred, or null
   */
  public record Aim(Steps steps, Agent.@Nullable Id agent) {
    public static final Aim NOBODY = new Aim(Steps.NONE, null);

    /** What this one leaves open is the other's. */
    Aim or(Aim other) {
      return new Aim(steps.isEmpty() ? other.steps : steps, agent == null ? other.agent : agent);
    }
  }

  /** The same for another queue. */
  Triage inQueue(String other) {
    return new Triage(other, promise, priority, skills, language, category, complaint, tags, aim);
  }

  /** The same for no agent in particular. */
  Triage forAnybody() {
    return aim.agent() == null
        ? this
        : new Triage(
            queue,
            promise,
            priority,
            skills,
            language,
            category,
            complaint,
            tags,
            new Aim(aim.steps(), null));
  }

  /** Classifies a customer message; pure, never throws: a rule that errors counts as false. */
  @FunctionalInterface
  public interface Rules {
    Triage classify(Subject subject);

    /**
     * The same, and which rule set what.
     *
     * @param advice of the outside classifier, for what no rule sets; null: none
     */
    default Explained explain(Subject subject, @Nullable Advice advice) {
      return new Explained(classify(subject), Map.of());
    }
  }

  /**
   * A triage and where it is from.
   *
   * @param because key to the rule that set it, {@code triage[0]} or {@link Advice#RULE}; keys with
   *     their default are absent
   */
  public record Explained(Triage triage, Map<String, String> because) {
    public Explained {
      because = Map.copyOf(because);
    }
  }

  /** What an outside classifier says; what it leaves out is null or empty. */
  public record Advice(
      @Nullable String queue,
      @Nullable String promise,
      @Nullable Integer priority,
      Map<String, Integer> skills,
      @Nullable String language,
      @Nullable String category,
      @Nullable String complaint,
      List<String> tags) {
    /** What stands for it where a rule stands. */
    public static final String RULE = "classifier";

    public Advice {
      skills = Map.copyOf(skills);
      tags = List.copyOf(tags);
    }
  }

  /**
   * What rules look at.
   *
   * @param at the conversation's time, for calendars
   */
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
      @Nullable String language,
      Instant at) {
    public Subject {
      attributes = Map.copyOf(attributes);
    }
  }
}
