// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import dev.frontdesk.gateway.store.Commit;

/** Decides which commits of an {@link InMemoryStore} go wrong, and how. */
@FunctionalInterface
public interface CommitFaults {

  /** What a simulated store does with a commit. */
  enum Fault {
    NONE,
    /** It is written, the answer is lost. */
    UNKNOWN_APPLIED,
    /** It is not written, and nobody answers. */
    UNKNOWN_NOT_APPLIED,
    /** The store is down: certainly not written. */
    UNAVAILABLE,
    /** Answered as if another writer had won the first guard; NONE for a commit without guards. */
    CONFLICT,
    /** Answered as stale. */
    STALE,
    /** Answered as full when it is an intake; NONE otherwise. */
    FULL
  }

  /** No fault ever. */
  CommitFaults NEVER = (number, commit) -> Fault.NONE;

  /** What happens to the {@code number}-th commit (from 1) of the store. */
  Fault at(long number, Commit commit);
}
