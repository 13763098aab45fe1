// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.gateway.conversation.EventRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StreamEntry;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The events of a workspace as live views read them. The stream is made by the first who listens
 * and goes {@link #KEPT} after the last one left; commits only ever append to one that exists, so
 * nobody pays for it where nobody listens.
 *
 * <ol>
 *   <li>Without a gap, in the order of storing: a place that cannot be continued so is GONE {@code
 *       resync-required}.
 *   <li>Thread-safe; futures complete on the caller's context.
 * </ol>
 */
public final class EventLog {

  /** How long events are kept for one who comes back. */
  static final Duration KEPT = Duration.ofMinutes(10);

  /** Events read at once. */
  static final int PAGE = 200;

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_-]{16})~(\\d{1,18})-(\\d{1,18})");

  private final Store store;

  public EventLog(Store store) {
    this.store = store;
  }

  /** One event and the cursor that stands behind it. */
  public record Entry(String cursor, EventRow event) {}

  /**
   * Events after a place.
   *
   * @param row the place behind them
   * @param more whether there are further ones already
   */
  public record Page(List<Entry> entries, String row, boolean more) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** The place after {@code cursor}, or without one after all there is; the stream exists then. */
  public Future<String> open(Workspace workspace, @Nullable String cursor) {
    if (cursor == null) {
      return begin(workspace);
    }
    String row;
    try {
      row = parse(workspace, cursor);
    } catch (GatewayException e) {
      return Future.failedFuture(e);
    }
    return continues(workspace, row)
        .map(
            yes -> {
              if (!yes) {
                throw resync("what follows it is no longer kept");
              }
              return row;
            });
  }

  /** The cursor of a place. */
  public String cursor(Workspace workspace, String row) {
    return epoch(workspace) + "~" + row;
  }

  /** What there is after a place; GONE when something of it was trimmed. */
  public Future<Page> read(Workspace workspace, String row) {
    return store.stream(workspace.keys().events(), row, PAGE + 1)
        .compose(
            rows ->
                rows.size() <= PAGE
                    ? Future.succeededFuture(page(workspace, row, rows, false))
                    : continues(workspace, row)
                        .map(
                            yes -> {
                              if (!yes) {
                                throw resync("it fell behind by more than is kept");
                              }
                              return page(workspace, row, rows.subList(0, PAGE), true);
                            }));
  }

  /** Somebody listens: kept for {@link #KEPT} from now. False when there is no stream any more. */
  public Future<Boolean> keep(Workspace workspace) {
    Key stream = workspace.keys().events();
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .guard(new Guard.Present(stream, null))
                .write(new Write.Expire(stream, KEPT.toMillis()))
                .build())
        .map(CommitResult.Done.class::isInstance);
  }

  private Future<String> begin(Workspace workspace) {
    Key stream = workspace.keys().events();
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .guard(new Guard.Absent(stream, null))
                .write(new Write.Append(stream, "", RedisKeys.EVENTS_LENGTH))
                .write(new Write.Expire(stream, KEPT.toMillis()))
                .build())
        .compose(made -> keep(workspace))
        .compose(kept -> store.streamLast(stream))
        .map(
            last -> {
              if (last == null) {
                throw new GatewayException(
                    GatewayException.Kind.UNAVAILABLE, "store-unavailable", "no stream was made");
              }
              return last.id();
            });
  }

  private Future<Boolean> continues(Workspace workspace, String row) {
    Key stream = workspace.keys().events();
    Future<@Nullable StreamEntry> first = store.streamFirst(stream);
    Future<@Nullable StreamEntry> last = store.streamLast(stream);
    return Future.all(first, last)
        .map(
            done ->
                first.result() != null
                    && last.result() != null
                    && compare(row, first.result().id()) >= 0
                    && compare(row, last.result().id()) <= 0);
  }

  private Page page(Workspace workspace, String from, List<StreamEntry> rows, boolean more) {
    List<Entry> entries = new ArrayList<>(rows.size());
    String at = from;
    for (StreamEntry row : rows) {
      at = row.id();
      if (!row.value().isEmpty()) {
        entries.add(new Entry(cursor(workspace, at), EventRow.decode(row.value())));
      }
    }
    return new Page(entries, at, more);
  }

  private String epoch(Workspace workspace) {
    return ContactKey.digestOf(store.epoch(workspace.id()));
  }

  private String parse(Workspace workspace, String cursor) {
    Matcher form = FORM.matcher(cursor);
    if (!form.matches()) {
      throw new GatewayException(
          GatewayException.Kind.MALFORMED,
          "malformed",
          "after is no id of an event of this stream, expected the last one received");
    }
    if (!form.group(1).equals(epoch(workspace))) {
      throw resync("it is of another incarnation of the store");
    }
    return form.group(2) + "-" + form.group(3);
  }

  private static int compare(String one, String other) {
    int dash = one.indexOf('-');
    int otherDash = other.indexOf('-');
    int byMillis =
        Long.compare(Long.parseLong(one, 0, dash, 10), Long.parseLong(other, 0, otherDash, 10));
    return byMillis != 0
        ? byMillis
        : Long.compare(
            Long.parseLong(one.substring(dash + 1)),
            Long.parseLong(other.substring(otherDash + 1)));
  }

  private static GatewayException resync(String why) {
    return new GatewayException(
        GatewayException.Kind.GONE,
        "resync-required",
        "the stream cannot be continued: " + why + "; read the boards and listen without after");
  }
}
