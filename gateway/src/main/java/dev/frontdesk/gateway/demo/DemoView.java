// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a supervisor watches: redrawn in place on a terminal, a plain line each second elsewhere.
 * For one thread.
 */
final class DemoView {

  static final List<String> CHANNELS =
      List.of("wechat", "telegram", "sms", "phone", "mail", "site", "hook");

  private final PrintWriter out;
  private final boolean terminal;
  private final ApiClient supervisor;
  private final DemoBook book;
  private final DemoPlatforms platforms;
  private int drawn;
  private long waiting;

  DemoView(
      PrintWriter out,
      boolean terminal,
      ApiClient supervisor,
      DemoBook book,
      DemoPlatforms platforms) {
    this.out = out;
    this.terminal = terminal;
    this.supervisor = supervisor;
    this.book = book;
    this.platforms = platforms;
  }

  /** Whether standard output is a terminal; Java's Console cannot tell since 22. */
  static boolean isTerminal() throws InterruptedException {
    try {
      return new ProcessBuilder("/bin/sh", "-c", "test -t 1").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Shows how things are now. */
  void show(long seconds) {
    try {
      Board board = board();
      waiting = board.total().path("waiting").asLong();
      if (terminal) {
        redraw(screen(seconds, board));
      } else {
        out.println(line(seconds, board));
      }
    } catch (UncheckedIOException e) {
      out.println("the gateway does not answer: " + e.getMessage());
    }
  }

  /** How many conversations waited when it was shown last. */
  long waiting() {
    return waiting;
  }

  /** The lines above stay; what comes is written below them. */
  void leave() {
    drawn = 0;
  }

  /** What the API says. */
  private record Board(JsonNode total, JsonNode agents, Map<String, JsonNode> byChannel) {
    long met() {
      return sum("met");
    }

    long breached() {
      return sum("breached");
    }

    private long sum(String field) {
      return byChannel.values().stream().mapToLong(row -> row.path(field).asLong()).sum();
    }

    String share() {
      return percent(met(), met() + breached());
    }
  }

  private Board board() {
    Map<String, JsonNode> byChannel = new HashMap<>();
    supervisor
        .get("/api/v1/reports/first-response?by=channel")
        .body()
        .path("rows")
        .forEach(row -> byChannel.put(row.path("key").asText(), row));
    return new Board(
        supervisor.get("/api/v1/queue").body().path("total"),
        supervisor.get("/api/v1/agents").body().path("agents"),
        byChannel);
  }

  private String line(long seconds, Board board) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%4d s  waiting %d  at risk %d  in time %s  in/out",
            seconds,
            board.total().path("waiting").asLong(),
            board.total().path("atRisk").asLong(),
            board.share()));
    Map<String, Long> replies = replies();
    for (String channel : CHANNELS) {
      line.append(' ').append(channel).append(' ').append(book.acceptedCount(channel));
      line.append('/').append(replies.get(channel));
    }
    return line.toString();
  }

  private List<String> screen(long seconds, Board board) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "frontdesk  %d s   waiting %d   at risk %d   late %d   oldest %d s   answered in time %s",
            seconds,
            board.total().path("waiting").asLong(),
            board.total().path("atRisk").asLong(),
            board.total().path("breached").asLong(),
            board.total().path("oldestWaitingSeconds").asLong(),
            board.share()));
    lines.add(
        String.format(
            Locale.ROOT,
            "%-10s %7s %7s %7s %7s %8s",
            "channel",
            "in",
            "out",
            "met",
            "late",
            "in time"));
    Map<String, Long> replies = replies();
    for (String channel : CHANNELS) {
      JsonNode row = board.byChannel().get(channel);
      long met = row == null ? 0 : row.path("met").asLong();
      long breached = row == null ? 0 : row.path("breached").asLong();
      lines.add(
          String.format(
              Locale.ROOT,
              "%-10s %7d %7d %7d %7d %8s",
              channel,
              book.acceptedCount(channel),
              replies.get(channel),
              met,
              breached,
              percent(met, met + breached)));
    }
    StringBuilder agents = new StringBuilder("agents    ");
    for (JsonNode agent : board.agents()) {
      if (!agent.path("presence").asText().equals("offline")) {
        agents.append(
            String.format(
                Locale.ROOT,
                "  %s %d/%d",
                agent.path("id").asText(),
                agent.path("load").asLong(),
                agent.path("capacity").asLong()));
      }
    }
    lines.add(agents.toString());
    return lines;
  }

  private Map<String, Long> replies() {
    Map<String, Long> replies = platforms.taken();
    replies.put("site", book.shownCount());
    return replies;
  }

  private void redraw(List<String> lines) {
    StringBuilder screen = new StringBuilder();
    if (drawn > 0) {
      screen.append("\u001b[").append(drawn).append('F');
    }
    for (String line : lines) {
      screen.append("\u001b[2K").append(line).append('\n');
    }
    out.print(screen);
    out.flush();
    drawn = lines.size();
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : Math.round(100.0 * part / whole) + " %";
  }
}
