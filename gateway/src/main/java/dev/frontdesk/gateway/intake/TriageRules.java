// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Triage;
import java.util.List;

/**
 * The triage rules of one workspace. Each key takes its value from the first matching rule that
 * sets it, then from the defaults. A condition that fails counts as false and is counted. Pure
 * apart from that count, and thread-safe.
 */
public final class TriageRules implements Triage.Rules {

  private final List<Rule> rules;
  private final FrontdeskConfig.Defaults defaults;
  private final Runnable failures;

  private record Rule(CelRuntime.Program condition, FrontdeskConfig.TriageSet set) {}

  private TriageRules(List<Rule> rules, FrontdeskConfig.Defaults defaults, Runnable failures) {
    this.rules = rules;
    this.defaults = defaults;
    this.failures = failures;
  }

  /**
   * Compiles the rules of a workspace.
   *
   * @param failures told once per evaluation that failed; called on the thread that classifies
   * @throws IllegalArgumentException if a condition does not compile (loading has refused those)
   */
  public static TriageRules compile(
      FrontdeskConfig.Workspace workspace, Conditions conditions, Runnable failures) {
    List<Rule> rules =
        workspace.triage().stream()
            .map(rule -> new Rule(conditions.compile(rule.when()), rule.set()))
            .toList();
    return new TriageRules(rules, workspace.defaults(), failures);
  }

  /** The rules of a workspace that has none: everything gets the defaults. */
  public static TriageRules defaultsOnly(FrontdeskConfig.Workspace workspace) {
    return new TriageRules(List.of(), workspace.defaults(), () -> {});
  }

  @Override
  public Triage classify(Triage.Subject subject) {
    SubjectVariables variables = new SubjectVariables(subject);
    TriageDraft draft = new TriageDraft();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (draft.gainsFrom(rule.set()) && holds(rule, variables)) {
        draft.take(rule.set(), "triage[" + i + "]");
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
