// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.util.List;
import java.util.Map;

/**
 * The triage rules of one workspace. Each key takes its value from the first matching rule that
 * sets it, then from the defaults. A condition that fails counts as false and is counted. Pure
 * apart from that count, and thread-safe.
 */
public final class TriageRules implements Triage.Rules {

  private final List<Rule> rules;
  private final FrontdeskConfig.Defaults defaults;
  private final Map<String, WorkingTime> calendars;
  private final Runnable failures;

  private record Rule(CelRuntime.Program condition, FrontdeskConfig.TriageSet set) {}

  private TriageRules(
      List<Rule> rules,
      FrontdeskConfig.Defaults defaults,
      Map<String, WorkingTime> calendars,
      Runnable failures) {
    this.rules = rules;
    this.defaults = defaults;
    this.calendars = calendars;
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
    List<Rule> rules =
        workspace.triage().stream()
            .map(rule -> new Rule(conditions.compile(rule.when(), calendars.keySet()), rule.set()))
            .toList();
    return new TriageRules(rules, workspace.defaults(), calendars, failures);
  }

  /** The rules of a workspace that has none: everything gets the defaults. */
  public static TriageRules defaultsOnly(FrontdeskConfig.Workspace workspace) {
    return new TriageRules(List.of(), workspace.defaults(), Map.of(), () -> {});
  }

  @Override
  public Triage classify(Triage.Subject subject) {
    SubjectVariables variables = new SubjectVariables(subject, calendars);
    TriageDraft draft = new TriageDraft();
    for (Rule rule : rules) {
      if (draft.gainsFrom(rule.set()) && holds(rule, variables)) {
        draft.take(rule.set());
      }
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
