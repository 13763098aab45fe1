// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.RoutingStep;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The triage rules of one workspace. Each key takes its value from the first matching rule that
 * sets it, then from the outside classifier's advice, then from the defaults. A condition that
 * fails counts as false and is counted. Pure apart from that count, and thread-safe.
 */
public final class TriageRules implements Triage.Rules {

  private final List<Rule> rules;
  private final FrontdeskConfig.Defaults defaults;
  private final Map<String, WorkingTime> calendars;
  private final WordTables words;
  private final Runnable failures;

  private record Rule(CelRuntime.Program condition, FrontdeskConfig.TriageSet set) {}

  private TriageRules(
      List<Rule> rules,
      FrontdeskConfig.Defaults defaults,
      Map<String, WorkingTime> calendars,
      WordTables words,
      Runnable failures) {
    this.rules = rules;
    this.defaults = defaults;
    this.calendars = calendars;
    this.words = words;
    this.failures = failures;
  }

  /**
   * Compiles the rules of a workspace.
   *
   * @param calendars what {@code hours.<name>} asks, by name
   * @param failures told once per evaluation that failed; called on the thread that classifies
   * @throws IllegalArgumentException if a condition does not compile (loading has refused those)
   */
  public static TriageRules compile(
      FrontdeskConfig.Workspace workspace,
      Conditions conditions,
      Map<String, WorkingTime> calendars,
      Runnable failures) {
    Set<String> flags = new HashSet<>();
    calendars.keySet().forEach(name -> flags.add(RuleCheck.HOURS + name));
    workspace.words().keySet().forEach(name -> flags.add(RuleCheck.WORDS + name));
    List<Rule> rules =
        workspace.triage().stream()
            .map(rule -> new Rule(conditions.compile(rule.when(), flags), rule.set()))
            .toList();
    return new TriageRules(
        rules, workspace.defaults(), calendars, WordTables.of(workspace.words()), failures);
  }

  /** The rules of a workspace that has none: everything gets the defaults. */
  public static TriageRules defaultsOnly(FrontdeskConfig.Workspace workspace) {
    return new TriageRules(List.of(), workspace.defaults(), Map.of(), WordTables.NONE, () -> {});
  }

  /** Steps as they are configured. */
  public static Steps steps(List<RoutingStep> configured) {
    return new Steps(
        configured.stream().map(step -> new Steps.Step(step.skills(), step.lasts())).toList());
  }

  @Override
  public Triage classify(Triage.Subject subject) {
    return explain(subject, null).triage();
  }

  @Override
  public Triage.Explained explain(Triage.Subject subject, Triage.@Nullable Advice advice) {
    SubjectVariables variables = new SubjectVariables(subject, calendars, words);
    TriageDraft draft = new TriageDraft();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (draft.gainsFrom(rule.set()) && holds(rule, variables)) {
        draft.take(rule.set(), i);
      }
    }
    if (advice != null) {
      draft.take(advice, Triage.Advice.RULE);
    }
    return draft.complete(defaults, subject.language());
  }

  private boolean holds(Rule rule, SubjectVariables variables) {
    try {
      return Boolean.TRUE.equals(rule.condition().eval(variables));
    } catch (CelEvaluationException | RuntimeException e) {
      // what the library throws unchecked is the condition's fault as well
      failures.run();
      return false;
    }
  }
}
