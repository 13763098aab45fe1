// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists and histories of conversations. A list is by opening time descending, then by id ascending;
 * a page looks at no more than {@value #MAX_SCANNED} conversations, so with a selective filter it
 * may be short and still have a cursor. Thread-safe.
 */
public final class ConversationQueries {

  /** Bound on the conversations one page may load. */
  static final int MAX_SCANNED = 2_000;

  /** Conversations opened in the same millisecond that are still put in order of id. */
  private static final int MAX_TIES = 20_000;

  private static final int CHUNK = 256;

  /** The same where the ids tell which are worth loading. */
  private static final int WIDE_CHUNK = 4_096;

  /** Bound on the conversations one page may pass over by their ids. */
  private static final int MAX_PASSED = 100_000;

  /** Conversations loaded at once when a filter leaves few of them. */
  private static final int LEAST = 64;

  private final Store store;
  private final ConversationCodec codec;
  private final BiFunction<
          Workspace, Conversation.Id, Future<ConversationService.@Nullable Snapshot>>
      find;

  /** {@code find}: loads one conversation, null when it is gone. */
  public ConversationQueries(
      Store store,
      ConversationCodec codec,
      BiFunction<Workspace, Conversation.Id, Future<ConversationService.@Nullable Snapshot>> find) {
    this.store = store;
    this.codec = codec;
    this.find = find;
  }

  /** The place after one conversation in the list: its opening time (ms) and id. */
  public record Position(long openedAt, String id) {

    /** {@code 1763694245678.ID}. */
    @Override
    public String toString() {
      return openedAt + "." + id;
    }

    /** Reads {@link #toString()}; throws IllegalArgumentException on anything else. */
    public static Position parse(String text) {
      int dot = text.indexOf('.');
      if (dot < 1 || dot == text.length() - 1) {
        throw new IllegalArgumentException("a cursor of this list is <time>.<id>");
      }
      return new Position(Long.parseLong(text, 0, dot, 10), text.substring(dot + 1));
    }
  }

  /** A page; {@code next} is null at the end of the list. */
  public record Listed(List<ConversationService.Snapshot> conversations, @Nullable Position next) {
    public Listed {
      conversations = List.copyOf(conversations);
    }
  }

  /** Up to {@code limit} conversations after {@code after} (null: from the newest). */
  public Future<Listed> list(
      Workspace workspace,
      Predicate<? super Conversation> filter,
      @Nullable Position after,
      int limit) {
    return new Scan(workspace, filter, limit, null).from(after);
  }

  /**
   * The same of some identities only (their digests): loads no others, so a page looks past {@value
   * #MAX_PASSED} conversations.
   */
  public Future<Listed> list(
      Workspace workspace,
      Set<String> identities,
      Predicate<? super Conversation> filter,
      @Nullable Position after,
      int limit) {
    Predicate<Conversation> both =
        c -> identities.contains(c.contact().identity()) && filter.test(c);
    Set<String> lanes =
        identities.stream()
            .map(digest -> new Conversation.Id(digest).lane())
            .collect(java.util.stream.Collectors.toUnmodifiableSet());
    return new Scan(workspace, both, limit, lanes).from(after);
  }

  /** The history of a conversation, oldest first. */
  public Future<List<Effect.Audit>> history(Workspace workspace, Conversation.Id id) {
    return store
        .list(workspace.keys().history(id), 0, -1)
        .map(rows -> rows.stream().map(codec::audit).toList());
  }

  /** One page being collected. */
  private final class Scan {
    private final Workspace workspace;
    private final Predicate<? super Conversation> filter;
    private final int limit;
    private final List<ConversationService.Snapshot> found = new ArrayList<>();
    private final @Nullable Set<String> lanes;
    private final int width;
    private int scanned;
    private int passed;

    Scan(
        Workspace workspace,
        Predicate<? super Conversation> filter,
        int limit,
        @Nullable Set<String> lanes) {
      this.lanes = lanes;
      this.width = lanes == null ? CHUNK : WIDE_CHUNK;
      this.workspace = workspace;
      this.filter = filter;
      this.limit = limit;
    }

    Future<Listed> from(@Nullable Position after) {
      return chunk(after, width).compose(ids -> load(first(ids)).compose(all -> take(ids, all)));
    }

    /** No more than the page may still need. */
    private List<Position> first(List<Position> ids) {
      int most = Math.min(Math.max(limit - found.size(), LEAST), MAX_SCANNED - scanned);
      int to = 0;
      for (int worth = 0; to < ids.size() && worth < most; to++) {
        worth += isWorthIt(ids.get(to)) ? 1 : 0;
      }
      return ids.subList(0, to);
    }

    private boolean isWorthIt(Position at) {
      return lanes == null || lanes.contains(new Conversation.Id(at.id()).lane());
    }

    /** The next positions; only whole groups of equal opening times, so that ids can be sorted. */
    private Future<List<Position>> chunk(@Nullable Position after, int size) {
      double max = after == null ? Double.POSITIVE_INFINITY : after.openedAt();
      return store
          .sortedDescending(workspace.keys().index(), max, 0, size)
          .compose(
              rows -> {
                boolean end = rows.size() < size;
                List<Position> whole = wholeGroups(rows, end || size >= MAX_TIES, after);
                return whole.isEmpty() && !end && size < MAX_TIES
                    ? chunk(after, Math.min(size * 4, MAX_TIES))
                    : Future.succeededFuture(whole);
              });
    }

    private List<Position> wholeGroups(
        List<Scored> rows, boolean complete, @Nullable Position after) {
      double last = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).score();
      return rows.stream()
          .filter(row -> complete || row.score() != last)
          .map(row -> new Position((long) row.score(), row.member()))
          .filter(at -> after == null || ORDER.compare(at, after) > 0)
          .sorted(ORDER)
          .limit(width)
          .toList();
    }

    private Future<List<ConversationService.@Nullable Snapshot>> load(List<Position> ids) {
      List<Future<ConversationService.@Nullable Snapshot>> loads =
          ids.stream()
              .map(
                  at ->
                      isWorthIt(at)
                          ? find.apply(workspace, new Conversation.Id(at.id()))
                          : Future.<ConversationService.@Nullable Snapshot>succeededFuture(null))
              .toList();
      return Future.all(new ArrayList<>(loads))
          .map(
              done ->
                  loads.stream()
                      .map(Future::result)
                      .collect(java.util.stream.Collectors.toCollection(ArrayList::new)));
    }

    private Future<Listed> take(
        List<Position> ids, List<ConversationService.@Nullable Snapshot> loaded) {
      for (int i = 0; i < loaded.size(); i++) {
        ConversationService.Snapshot snapshot = loaded.get(i);
        if (isWorthIt(ids.get(i))) {
          scanned++;
        } else {
          passed++;
        }
        if (snapshot != null && filter.test(snapshot.conversation())) {
          found.add(snapshot);
        }
        if (found.size() == limit || scanned == MAX_SCANNED || passed == MAX_PASSED) {
          return listed(ids.get(i), i < ids.size() - 1);
        }
      }
      return ids.isEmpty()
          ? Future.succeededFuture(new Listed(found, null))
          : from(ids.get(loaded.size() - 1));
    }

    /** A full page ends the list only if nothing at all comes after it. */
    private Future<Listed> listed(Position last, boolean more) {
      return more
          ? Future.succeededFuture(new Listed(found, last))
          : chunk(last, CHUNK).map(rest -> new Listed(found, rest.isEmpty() ? null : last));
    }
  }

  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::openedAt)
          .reversed()
          .thenComparing(at -> Objects.requireNonNull(at).id());
}
