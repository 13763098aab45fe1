// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * How far each workspace's store is known to have come, by its own time: a mark that rises with
 * every {@link #BEAT}, kept in the store, in this node's memory and in {@code dataDir/seen} (one
 * line {@code workspace epoch millis} each). A store with the right epoch whose mark lies further
 * back than any failover explains is an older copy. Not on the way of a message: one small commit
 * per workspace and beat.
 *
 * <p>A node that knows nothing (a new {@code dataDir}) believes what it finds. A step of the
 * store's clock counts like time; a step back lets the mark rise by one only. Reading is
 * thread-safe; {@link #save} blocks, one thread at a time.
 */
final class HighWater {

  /** How often a mark is written. */
  static final Duration BEAT = Duration.ofSeconds(5);

  /**
   * What a failover may lose without anybody being asked. Sentinel waits 30 s before it calls a
   * master down, a cluster 15 s by default, and then they vote; a server without {@code always}
   * loses at most 30 s with its power. Whatever lost more than a minute was no failover.
   */
  static final Duration LOSS_BOUND = Duration.ofSeconds(60);

  private final Path file;
  private final long tolerated;
  private final Map<String, Mark> marks = new ConcurrentSkipListMap<>();

  private record Mark(String epoch, long millis) {}

  private HighWater(Path file, Duration bound, Duration beat) {
    this.file = file;
    this.tolerated = bound.plus(beat).toMillis();
  }

  /** Reads what was seen before this start; blocking. */
  static HighWater read(Path dataDir, Duration bound, Duration beat) {
    HighWater seen = new HighWater(dataDir.resolve("seen"), bound, beat);
    try {
      if (Files.exists(seen.file)) {
        Files.readAllLines(seen.file, StandardCharsets.UTF_8).forEach(seen::read);
      }
      return seen;
    } catch (IOException e) {
      throw new UncheckedIOException(seen.file + " cannot be read", e);
    }
  }

  /** A line nobody could have written is passed: it must not keep a gateway from starting. */
  private void read(String line) {
    List<String> words = List.of(line.split(" ", -1));
    if (words.size() == 3 && words.get(2).matches("\\d{1,15}")) {
      marks.put(words.get(0), new Mark(words.get(1), Long.parseLong(words.get(2))));
    }
  }

  /** The next mark to write at {@code nowMillis} of the store's time: higher than the last. */
  long next(String workspace, String epoch, long nowMillis) {
    return Math.max(known(workspace, epoch) + 1, nowMillis);
  }

  /** A mark stands in the store. */
  void stored(String workspace, String epoch, long millis) {
    marks.merge(
        workspace,
        new Mark(epoch, millis),
        (old, now) -> old.epoch().equals(now.epoch()) && old.millis() > now.millis() ? old : now);
  }

  /** Up to when the store of this epoch is known to have come; 0 when nothing is known. */
  long known(String workspace, String epoch) {
    Mark mark = marks.get(workspace);
    return mark == null || !mark.epoch().equals(epoch) ? 0 : mark.millis();
  }

  /** The lowest mark a store of this epoch may have; 0 when nothing is known. */
  long lowest(String workspace, String epoch) {
    return Math.max(0, known(workspace, epoch) - tolerated);
  }

  /** Whether a store of this epoch with that mark (null: none) lost more than a failover may. */
  boolean isOlder(String workspace, String epoch, @Nullable String found) {
    return millis(found) < lowest(workspace, epoch);
  }

  /** The time a mark stands for, as people read it. */
  static Instant instant(String mark) {
    return Instant.ofEpochMilli(millis(mark));
  }

  private static long millis(@Nullable String mark) {
    return mark == null || !mark.matches("\\d{1,15}") ? 0 : Long.parseLong(mark);
  }

  /** Writes the file. A loss of power may take the last ones: then less is known. */
  void save() {
    StringBuilder text = new StringBuilder();
    marks.forEach(
        (id, mark) ->
            text.append(id)
                .append(' ')
                .append(mark.epoch())
                .append(' ')
                .append(mark.millis())
                .append('\n'));
    Path next = file.resolveSibling("seen.next");
    try {
      Files.writeString(next, text, StandardCharsets.UTF_8);
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }
}
