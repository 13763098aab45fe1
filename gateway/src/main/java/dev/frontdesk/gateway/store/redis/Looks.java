// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.CommitCheck;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a commit has to look at in Redis before its first write, so that no write after it can fail:
 * the type of each written key and each number that is added to. Not looked at is what its guards
 * have shown by then, and the type that only the first write needs: if that fails nothing was
 * written.
 */
final class Looks {

  private final List<Guard> guards;

  /** For a commit with these guards. */
  Looks(List<Guard> guards) {
    this.guards = guards;
  }

  /**
   * The key to write first: one whose write may fail alone, best one that would have to be looked
   * at; null when the commit has no write that needs memory and can stand first.
   *
   * @param groups the writes of each key, in order
   */
  @Nullable Key first(Map<Key, List<Write>> groups) {
    Key able = null;
    for (Map.Entry<Key, List<Write>> group : groups.entrySet()) {
      List<Write> writes = group.getValue();
      if (!isAbleToBeFirst(writes.get(0))) {
        continue;
      }
      if (failsWhole(writes) && !isSeen(group.getKey())) {
        return group.getKey();
      }
      able = able == null ? group.getKey() : able;
    }
    return able;
  }

  private static boolean isAbleToBeFirst(Write write) {
    return write instanceof Write.HashSet
        || write instanceof Write.SortedAdd
        || write instanceof Write.Push;
  }

  /** Whether these writes of one key are one command, which happens or fails as a whole. */
  boolean failsWhole(List<Write> writes) {
    Write one = writes.get(0);
    for (Write write : writes) {
      if (write.getClass() != one.getClass()) {
        return false;
      }
    }
    return isAbleToBeFirst(one) && writes.size() <= CommitScript.MAX_VARIADIC;
  }

  /** The type that writes of one key need it to have; ANY when it need not be looked at. */
  CommitCheck.Type typeOf(Key key, List<Write> writes) {
    if (isAbsent(key)) {
      return CommitCheck.Type.ANY;
    }
    for (Write write : writes) {
      CommitCheck.Type type = CommitCheck.typeOf(write);
      if (type != CommitCheck.Type.ANY) {
        return type;
      }
    }
    return CommitCheck.Type.ANY;
  }

  /** What is added to fields of one key. */
  List<Write.HashAdd> sums(List<Write> writes) {
    List<Write.HashAdd> sums = new ArrayList<>();
    for (Write write : writes) {
      if (write instanceof Write.HashAdd add) {
        sums.add(add);
      }
    }
    return sums;
  }

  /** Whether it depends on the key being new what these writes do. */
  boolean asksWhetherNew(List<Write> writes) {
    for (Write write : writes) {
      if (write instanceof Write.ExpireNew) {
        return true;
      }
    }
    return false;
  }

  private boolean isSeen(Key key) {
    for (Guard guard : guards) {
      if (guard.key().equals(key)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAbsent(Key key) {
    for (Guard guard : guards) {
      if (guard instanceof Guard.Absent absent
          && absent.field() == null
          && absent.key().equals(key)) {
        return true;
      }
    }
    return false;
  }
}
