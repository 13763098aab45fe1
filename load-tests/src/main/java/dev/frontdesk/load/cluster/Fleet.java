// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.ReadBack;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Gateways behind something that balances load, started, replaced one by one and ended. Blocking;
 * for one thread.
 */
final class Fleet implements AutoCloseable {

  /** A load balancer that asks {@code /health/ready} hears a moment late that a gateway ends. */
  private static final int TOLD_MILLIS = 500;

  private final Vertx vertx = Vertx.vertx();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private int blocked;

  /** What calls go out with. */
  Vertx vertx() {
    return vertx;
  }

  void add(GatewayProcess gateway) {
    gateways.add(gateway);
  }

  /** Where they take calls. */
  List<URI> urls() {
    return gateways.stream().map(GatewayProcess::publicUrl).toList();
  }

  int size() {
    return gateways.size();
  }

  /** Ends one while traffic goes on and starts another in its place; the exit code. */
  int replace(int n, Traffic traffic, Supplier<GatewayProcess> next) {
    List<URI> others = new ArrayList<>(urls());
    others.remove(n);
    GatewayProcess old = gateways.get(n);
    blocked += old.blockedWarnings();
    Promise<Void> told = Promise.promise();
    vertx.setTimer(
        TOLD_MILLIS,
        timer -> {
          traffic.through(others);
          told.complete();
        });
    int code = old.stop();
    CrashRun.await(told.future(), 10);
    gateways.set(n, next.get());
    traffic.through(urls());
    return code;
  }

  /** Ends all; true if each ended as it should. */
  boolean stop() {
    boolean well = true;
    for (GatewayProcess gateway : gateways) {
      blocked += gateway.blockedWarnings();
      well &= gateway.stop() == 0;
    }
    gateways.clear();
    return well;
  }

  /** Warnings about held event loops of those that ended. */
  int blocked() {
    return blocked;
  }

  /** Messages whose id begins so go into the ledger; how often a seq is missing. */
  int readBack(List<String> workspaces, String ids, Ledger ledger) {
    int gaps = 0;
    for (String workspace : workspaces) {
      gaps +=
          new ReadBack(urls().get(0), DeskConfig.operator(workspace))
              .inbound(
                  message -> {
                    String id = message.path("externalId").asText();
                    if (id.startsWith(ids)) {
                      ledger.stored(id);
                    }
                  });
    }
    return gaps;
  }

  void rest(long millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(millis, timer -> over.complete());
    CrashRun.await(over.future(), millis / 1_000 + 10);
  }

  /** Ends what still runs, then the calls. */
  @Override
  public void close() {
    gateways.forEach(GatewayProcess::close);
    CrashRun.await(vertx.close(), 10);
  }
}
