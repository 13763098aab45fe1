// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The shapes commits come in: which verbs, on which keys, how many of each. A few of them make up
 * nearly all of the traffic: a message of an open conversation, one that opens a conversation, an
 * answer. A shape that comes often gets a script of its own from {@link CommitCompiler}; the others
 * go the way of {@code commit.lua}. Redis keeps scripts until it ends, so their number is bounded.
 *
 * <p>Nobody loads them: the first call of one is refused and sent again with its text. Thread-safe.
 */
final class CommitShapes {

  /** Times a shape has come before it counts as one that comes often. */
  private static final int OFTEN = 100;

  /** Scripts one gateway may give to Redis, of some 3 KB each. */
  private static final int MOST_SCRIPTS = 64;

  /** Shapes that are counted; beyond, counting begins anew. */
  static final int MOST_COUNTED = 2_000;

  /** Of one script: a call in Lua has room for some two hundred. */
  private static final int MOST_VALUES = 120;

  private static final class Shape {
    final AtomicInteger times = new AtomicInteger();
    volatile @Nullable Script script;

    /** True once: it has come {@code often} times. Counting ends there. */
    boolean becomesOften(int often) {
      return times.get() < often && times.incrementAndGet() == often;
    }
  }

  private final int often;
  private final int mostScripts;
  private final Map<String, Shape> shapes = new ConcurrentHashMap<>();
  private final AtomicInteger scripts = new AtomicInteger();

  CommitShapes() {
    this(OFTEN, MOST_SCRIPTS);
  }

  /** With other bounds, for tests. */
  CommitShapes(int often, int mostScripts) {
    this.often = often;
    this.mostScripts = mostScripts;
  }

  /**
   * The script for a commit; null: {@code commit.lua}.
   *
   * @param name what two commits have in common when they have one shape
   * @param arguments of {@code commit.lua}
   * @param kinds of each of them
   */
  @Nullable Script scriptOf(String name, List<String> arguments, CharSequence kinds) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      if (shapes.size() >= MOST_COUNTED) {
        shapes.values().removeIf(each -> each.script == null);
      }
      shape = shapes.computeIfAbsent(name, missing -> new Shape());
    }
    if (shape.script == null && shape.becomesOften(often)) {
      shape.script = compiled(arguments, kinds);
    }
    return shape.script;
  }

  /** How often a shape has come, as far as that is counted; for tests. */
  int counted(String name) {
    Shape shape = shapes.get(name);
    return shape == null ? 0 : shape.times.get();
  }

  private @Nullable Script compiled(List<String> arguments, CharSequence kinds) {
    long values = kinds.chars().filter(kind -> kind == CommitScript.VALUE).count();
    return values <= MOST_VALUES && takesPlace()
        ? Script.of("commit of one shape", CommitCompiler.compile(arguments, kinds))
        : null;
  }

  /** False if there are as many scripts as there may be; counting ends there. */
  private boolean takesPlace() {
    return scripts.getAndUpdate(taken -> Math.min(taken + 1, mostScripts)) < mostScripts;
  }
}
