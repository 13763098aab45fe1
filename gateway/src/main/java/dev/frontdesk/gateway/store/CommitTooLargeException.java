// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

/** A commit with more arguments than one script takes: nothing of it was sent, do it in parts. */
public final class CommitTooLargeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  CommitTooLargeException(int arguments) {
    super(
        "commit has "
            + arguments
            + " arguments, at most "
            + CommitCheck.MAX_ARGUMENTS
            + " are possible");
  }
}
