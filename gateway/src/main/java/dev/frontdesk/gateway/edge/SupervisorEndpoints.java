// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.report.ClockReport;
import dev.frontdesk.gateway.report.Dimension;
import dev.frontdesk.gateway.report.FirstResponseReport;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.store.StoreClocks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The boards supervisors watch and the reports they read. */
final class SupervisorEndpoints {

  private final Rooms.Boards boards;
  private final StoreClocks clocks;

  SupervisorEndpoints(Rooms.Boards boards, StoreClocks clocks) {
    this.boards = boards;
    this.clocks = clocks;
  }

  Future<Answer> queue(Call call) {
    call.onlyParameters();
    return queue(call.workspace()).map(Answer::ok);
  }

  private Future<JsonObject> queue(Workspace workspace) {
    return boards
        .queue(workspace)
        .map(
            rows -> {
              JsonArray queues = new JsonArray();
              rows.forEach(
                  row ->
                      queues.add(
                          numbers(
                              new JsonObject()
                                  .put("queue", row.queue())
                                  .put("promise", row.promise()),
                              row)));
              return new JsonObject()
                  .put("queues", queues)
                  .put("total", numbers(new JsonObject(), QueueBoard.total(rows)));
            });
  }

  /** Both boards, as a live view is told them. */
  Future<JsonObject> figures(Workspace workspace) {
    return queue(workspace)
        .compose(
            queue ->
                agents(workspace)
                    .map(agents -> new JsonObject().put("queue", queue).mergeIn(agents)));
  }

  private static JsonObject numbers(JsonObject json, QueueBoard.Row row) {
    return json.put("waiting", row.waiting())
        .put("atRisk", row.atRisk())
        .put("breached", row.breached())
        .put("oldestWaitingSeconds", row.oldestWaitingSeconds());
  }

  Future<Answer> agents(Call call) {
    call.onlyParameters();
    return agents(call.workspace()).map(Answer::ok);
  }

  private Future<JsonObject> agents(Workspace workspace) {
    return boards
        .agents(workspace)
        .map(
            rows -> {
              JsonArray agents = new JsonArray();
              rows.forEach(
                  row ->
                      agents.add(
                          new JsonObject()
                              .put("id", row.id().value())
                              .put("presence", row.presence().label())
                              .put("load", row.load())
                              .put("capacity", row.capacity())
                              .put("open", row.open())
                              .put("answered", row.answered())
                              .put("p50Seconds", row.p50Seconds())
                              .put("p90Seconds", row.p90Seconds())));
              return new JsonObject().put("agents", agents);
            });
  }

  /** {@code to} defaults to now, {@code from} to a day before {@code to}, {@code by} to queue. */
  Future<Answer> firstResponse(Call call) {
    call.onlyParameters("from", "to", "by");
    Instant to = time("to", call.parameter("to"), clocks.clock(call.workspace().id()).now());
    Instant from = time("from", call.parameter("from"), to.minus(Duration.ofDays(1)));
    String by = call.parameter("by");
    return boards
        .firstResponse(call.workspace(), from, to, by == null ? Dimension.QUEUE : Dimension.of(by))
        .map(
            rows -> {
              JsonArray lines = new JsonArray();
              rows.forEach(row -> lines.add(line(row)));
              return Answer.ok(new JsonObject().put("rows", lines));
            });
  }

  /** The same period as {@link #firstResponse}; {@code clock} defaults to the supplier's. */
  Future<Answer> clocks(Call call) {
    call.onlyParameters("from", "to", "clock");
    Instant to = time("to", call.parameter("to"), clocks.clock(call.workspace().id()).now());
    Instant from = time("from", call.parameter("from"), to.minus(Duration.ofDays(1)));
    return boards
        .clocks(call.workspace(), kind(call.parameter("clock")), from, to)
        .map(
            rows -> {
              JsonArray lines = new JsonArray();
              rows.forEach(row -> lines.add(line(row)));
              return Answer.ok(new JsonObject().put("rows", lines));
            });
  }

  private static ClockKind kind(@Nullable String label) {
    if (label == null) {
      return ClockKind.SUPPLIER;
    }
    for (ClockKind kind : ClockKind.values()) {
      if (kind != ClockKind.FIRST_RESPONSE && kind.label().equals(label)) {
        return kind;
      }
    }
    throw JsonBody.malformed(
        "parameter clock is not known, expected nextResponse, resolution, supplier or followUp");
  }

  private static JsonObject line(ClockReport.Row row) {
    return new JsonObject()
        .put("key", row.key())
        .put("met", row.met())
        .put("breached", row.breached())
        .put("void", row.voided())
        .put("share", row.share())
        .put("overrunP50Seconds", row.overrunP50Seconds())
        .put("overrunP90Seconds", row.overrunP90Seconds())
        .put("overrunP99Seconds", row.overrunP99Seconds());
  }

  private static JsonObject line(FirstResponseReport.Row row) {
    return new JsonObject()
        .put("key", row.key())
        .put("answered", row.answered())
        .put("met", row.met())
        .put("breached", row.breached())
        .put("share", row.share())
        .put("p50Seconds", row.p50Seconds())
        .put("p90Seconds", row.p90Seconds())
        .put("p99Seconds", row.p99Seconds());
  }

  private static Instant time(String name, @Nullable String value, Instant otherwise) {
    return value == null ? otherwise : JsonBody.instant("parameter " + name, value);
  }
}
