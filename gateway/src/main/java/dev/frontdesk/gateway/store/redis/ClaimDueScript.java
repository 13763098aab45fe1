// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The twin of {@code claim_due.lua}. */
final class ClaimDueScript {

  static final Script SCRIPT = Script.load("claim_due");

  /** Claiming 1,000 takes about 1 ms of the server's one thread, 10,000 would take 15. */
  static final int MAX_LIMIT = 1_000;

  private ClaimDueScript() {}

  static ScriptCall call(String workspace, Key sortedSet, Duration lease, int limit, String epoch) {
    if (limit < 1 || limit > MAX_LIMIT || lease.toMillis() < 1) {
      throw new IllegalArgumentException(
          "claim of " + limit + " for " + lease + ", expected 1 to " + MAX_LIMIT + " and ≥ 1 ms");
    }
    return new ScriptCall(
        SCRIPT,
        new String[] {new RedisKeys(workspace).epoch().name(), sortedSet.name()},
        new String[] {epoch, Long.toString(lease.toMillis()), Integer.toString(limit)});
  }

  @SuppressWarnings("unchecked") // the shape is stated by claim_due.lua
  static Store.Claimed read(List<@Nullable Object> answer) {
    long ms = (Long) Objects.requireNonNull(answer.get(1));
    long next = (long) Double.parseDouble((String) Objects.requireNonNull(answer.get(2)));
    List<String> rows = (List<String>) Objects.requireNonNull(answer.get(3));
    List<Scored> due = new ArrayList<>(rows.size() / 2);
    for (int n = 0; n + 1 < rows.size(); n += 2) {
      due.add(new Scored(rows.get(n), Double.parseDouble(rows.get(n + 1))));
    }
    return new Store.Claimed(due, next, ms);
  }
}
