// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.Waiting;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the first few of each lane that somebody may serve: three rounds (buckets, lanes, rows),
 * each pipelined, whatever waits behind.
 */
final class QueueHeads {

  /** Rows read in one pass over all lanes, so that many buckets do not make a pass expensive. */
  private static final int BUDGET = 1024;

  private final Store store;

  QueueHeads(Store store) {
    this.store = store;
  }

  /**
   * The heads of all lanes with work.
   *
   * @param wanted buckets that somebody with room may serve
   * @param depth rows per lane; fewer when there are many lanes, one at least
   */
  Future<List<RoutingPass.Lane>> read(Workspace workspace, Predicate<Bucket> wanted, int depth) {
    return store
        .hashAll(workspace.keys().buckets())
        .map(counts -> lanesOf(counts, wanted))
        .compose(lanes -> all(lanes, lane -> members(workspace, lane, share(depth, lanes.size()))))
        .compose(lanes -> all(lanes, lane -> rows(workspace, lane)));
  }

  /** A lane on its way: which, the ids at its head, whether others may stand behind them. */
  private record Lane(String key, Bucket bucket, boolean late, List<String> ids, boolean more) {}

  private static List<Lane> lanesOf(Map<String, String> counts, Predicate<Bucket> wanted) {
    List<Lane> lanes = new ArrayList<>();
    counts.forEach(
        (key, count) -> {
          if (!count.equals("0") && !count.startsWith("-")) {
            Bucket bucket = Bucket.parse(key);
            if (wanted.test(bucket)) {
              lanes.add(new Lane(key, bucket, false, List.of(), true));
              lanes.add(new Lane(key, bucket, true, List.of(), true));
            }
          }
        });
    return lanes;
  }

  private static int share(int depth, int lanes) {
    return Math.max(1, Math.min(depth, BUDGET / Math.max(1, lanes)));
  }

  private Future<Lane> members(Workspace workspace, Lane lane, int depth) {
    return store
        .sorted(workspace.keys().bucket(lane.key(), lane.late()), 0, depth - 1L)
        .map(
            head ->
                new Lane(
                    lane.key(),
                    lane.bucket(),
                    lane.late(),
                    head.stream().map(Scored::member).toList(),
                    head.size() == depth));
  }

  private Future<RoutingPass.Lane> rows(Workspace workspace, Lane lane) {
    return all(lane.ids(), id -> row(workspace, lane, id))
        .map(
            rows ->
                new RoutingPass.Lane(
                    rows.stream().flatMap(Optional::stream).toList(), lane.more()));
  }

  private Future<Optional<Waiting>> row(Workspace workspace, Lane lane, String id) {
    return store
        .hashGet(workspace.keys().queueRows(), id)
        .map(
            text ->
                text == null
                    ? Optional.<Waiting>empty()
                    : QueueRow.decode(id, lane.bucket(), lane.late(), text));
  }

  private static <T, R> Future<List<R>> all(
      List<T> items, java.util.function.Function<T, Future<R>> read) {
    List<Future<R>> reads = new ArrayList<>(items.size());
    items.forEach(item -> reads.add(read.apply(item)));
    return Future.all(reads)
        .map(done -> reads.stream().map(Future::result).map(Objects::requireNonNull).toList());
  }
}
