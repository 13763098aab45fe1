// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; holds every problem, not the first. */
public final class InvalidConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public InvalidConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
