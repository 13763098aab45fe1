// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.problem;

/** A failure that already knows how a client will see it. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
