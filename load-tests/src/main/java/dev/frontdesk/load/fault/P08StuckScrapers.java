// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Scrapers that ask for the metrics and never read, and ten that ask without pause. */
final class P08StuckScrapers extends ProcessRow {

  /** Two p99 of a few seconds each on a shared machine differ by some ms anyway. */
  private static final double NOISE_MILLIS = 100;

  P08StuckScrapers() {
    super("P-08", "40 stuck scrapers and 10 without pause");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Writers writers = rig.writers(10, gateway).withoutRepeating().begin("c", 16);
    rig.rest(4_000);
    long began = System.nanoTime();
    rig.rest(4_000);
    List<Socket> stuck = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Socket socket =
          new Socket(gateway.managementUrl().getHost(), gateway.managementUrl().getPort());
      String ask = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50);
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      stuck.add(socket);
    }
    AtomicInteger scrapes = new AtomicInteger();
    ExecutorService many = Executors.newFixedThreadPool(10);
    long scraping = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      many.execute(
          () -> {
            while (!Thread.currentThread().isInterrupted()) {
              int status =
                  Web.get(rig.http(), gateway.managementUrl().resolve("/metrics")).status();
              scrapes.addAndGet(status == 200 ? 1 : 0);
              rig.rest(50);
            }
          });
    }
    rig.rest(4_000);
    many.shutdownNow();
    writers.stop();
    double before =
        writers.percentile(0.99, c -> c.sentNanos() > began && c.answeredNanos() < scraping);
    double during = writers.percentile(0.99, c -> c.sentNanos() > scraping);
    found.note("scrapes", scrapes.get());
    found.note("p99BeforeMs", Math.round(before));
    found.atMost("p99DuringMs", before * 2 + NOISE_MILLIS, during);
    found.equal("notAccepted", 0, writers.count(call -> !call.accepted()));
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
    for (Socket socket : stuck) {
      socket.close();
    }
  }
}
