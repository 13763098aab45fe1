// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is durable. One port, two forms: Redis, and in memory for simulation and unit tests; both
 * pass {@code StoreContract}.
 *
 * <ol>
 *   <li>Every future completes on the context it was asked from (at once, in memory).
 *   <li>A future fails only with {@link StoreUnavailableException}, within the command time-out.
 *   <li>Commits of one caller whose first guard (or, without guards, first write) names the same
 *       key take effect in the order they were made; others in any order.
 *   <li>Reads see every commit that was answered before they were asked.
 *   <li>Wake-ups are hints: they may be lost or doubled; whoever waits re-reads each second.
 * </ol>
 */
public interface Store extends StoreClocks {

  Future<Loaded> load(LoadRequest request);

  /** Fails with {@link CommitTooLargeException} where it has to be made in parts. */
  Future<CommitResult> commit(Commit commit);

  /**
   * Takes up to {@code limit} members of a sorted set that are due by the store's own time and
   * re-scores them to now + {@code lease}, oldest first; whoever is done removes them by a commit.
   *
   * @param limit 1 to 1,000
   */
  Future<Claimed> claimDue(String workspace, Key sortedSet, Duration lease, int limit);

  Future<@Nullable String> get(Key key);

  Future<@Nullable String> hashGet(Key key, String field);

  Future<Map<String, String>> hashAll(Key key);

  /** Elements {@code from} to {@code to}, both inclusive, negative from the end. */
  Future<List<String>> list(Key key, long from, long to);

  /** By rank, both inclusive, negative from the end. */
  Future<List<Scored>> sorted(Key key, long from, long to);

  /** By score descending, from {@code max} (inclusive) down, skipping {@code offset}. */
  Future<List<Scored>> sortedDescending(Key key, double max, long offset, int limit);

  Future<Long> sortedCount(Key key);

  /** How many have a score below {@code score}. */
  Future<Long> sortedBelow(Key key, double score);

  /** Rows after {@code after} (exclusive; {@code "0"} from the start), oldest first. */
  Future<List<StreamEntry>> stream(Key key, String after, int limit);

  /** The oldest row, or null when the stream is empty. */
  Future<@Nullable StreamEntry> streamFirst(Key key);

  /** The newest row, or null when the stream is empty. */
  Future<@Nullable StreamEntry> streamLast(Key key);

  /**
   * Tells {@code listener} the topics of each commit of a workspace, and {@code "*"} when some may
   * have been missed (after a reconnect). Called on a store thread: hand over, do not work there.
   */
  Runnable onWakeUp(String workspace, Consumer<Set<String>> listener);

  /**
   * How often a connection to the store broke. Past a break another server may answer, one that
   * lacks what was committed last: what was read or committed at a lower count may not be there.
   */
  long breaks();

  /** The epoch of a workspace that this gateway knows; cursors carry it. */
  String epoch(String workspace);

  /**
   * What a claim took.
   *
   * @param due what was claimed, oldest first; scores are the original due times
   * @param nextDueMillis lowest score left, or -1 when the set is empty: when to claim next (what
   *     is claimed counts with the end of its lease)
   * @param atMillis store time of the claim
   */
  record Claimed(List<Scored> due, long nextDueMillis, long atMillis) {}
}
