// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * 1,000 connections that send a byte now and then, half of them in the headers and half in the
 * body: closed at the time a request may take, and others are served meanwhile. In the control that
 * time is long.
 */
final class W14SlowSenders extends ProcessRow {

  private static final int SLOW = 1_000;
  private static final double NOISE_MILLIS = 100;

  W14SlowSenders() {
    super(
        "W-14",
        "1,000 slow senders of headers and bodies",
        "receiveTimeout of 10 minutes",
        "closedAfterMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    String limits = "{ receiveTimeout: " + (control ? "10m, idleTimeout: 10m" : "6s") + " }";
    GatewayProcess gateway =
        rig.gateway("gateway", rig.config("gateway").redis(redis.url()).limits(limits));
    Writers writers = rig.writers(10, gateway).withoutRepeating().begin("c", 16);
    rig.rest(4_000);
    long began = System.nanoTime();
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < SLOW; i++) {
      Socket socket = new Socket(gateway.publicUrl().getHost(), gateway.publicUrl().getPort());
      String head = "POST /webhooks/load/hook HTTP/1.1\r\nHost: x\r\n";
      String sent = i % 2 == 0 ? head + "X-" : head + "Content-Length: 1000\r\n\r\n{";
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      slow.add(socket);
    }
    double open = rig.within(Duration.ofSeconds(5), () -> connections(gateway) >= SLOW);
    found.note("openAfterMs", Math.round(open));
    double gone =
        rig.within(
            Duration.ofSeconds(15),
            () -> {
              slow.forEach(W14SlowSenders::drip);
              rig.rest(1_000);
              return connections(gateway) < SLOW / 10;
            });
    writers.stop();
    double before = writers.percentile(0.99, c -> c.answeredNanos() - began < 0);
    double during = writers.percentile(0.99, c -> c.sentNanos() - began > 0);
    found.atMost("closedAfterMs", 12_000.0, gone);
    found.note("p99BeforeMs", Math.round(before));
    found.atMost("p99DuringMs", before * 2 + NOISE_MILLIS, during);
    found.equal("notAccepted", 0, writers.count(call -> !call.accepted()));
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
    for (Socket socket : slow) {
      socket.close();
    }
  }

  private static double connections(GatewayProcess gateway) {
    return Metrics.read(gateway.managementUrl()).sum("frontdesk_connections");
  }

  private static void drip(Socket socket) {
    try {
      socket.getOutputStream().write('a');
    } catch (IOException closed) {
      // that is what is waited for
    }
  }
}
