// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.time.Instant;

/** How a commit ended when the store answered. No answer is a failed future: see {@link Store}. */
public sealed interface CommitResult {

  /** Everything was written at {@code at} (store time). */
  record Done(Instant at) implements CommitResult {}

  /** A guard did not hold; nothing was written. {@code index} is its place in the commit. */
  record Conflict(int index, Guard guard) implements CommitResult {}

  /** The decision was made with a time too far from the store's; decide again. */
  record Stale(Instant storeNow) implements CommitResult {}

  /** The store is at its memory bound and the commit was an intake. */
  record Full() implements CommitResult {}

  /** The store is another incarnation than the one this gateway knows. */
  record Quarantined() implements CommitResult {}
}
