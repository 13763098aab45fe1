// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.GatewayProcess;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Callers who post the traffic of the intake runs to one server after the other, and the ledger of
 * what the gateway accepted of it. Blocking; for one thread.
 */
final class IntakeCallers implements AutoCloseable {

  private static final int CALLERS = 256;

  private final PrintStream out;
  private final IntakeTraffic traffic;
  private final CallerLoop loop = new CallerLoop();
  private final Ledger ledger = new Ledger();

  IntakeCallers(PrintStream out, long seed) {
    this.out = out;
    this.traffic = new IntakeTraffic(seed);
    out.println("seed " + seed + ", " + Runtime.getRuntime().availableProcessors() + " cores");
  }

  /** Calls of the gateway, which are accounted for. */
  IntakeLoad gateway(GatewayProcess gateway) {
    return beside(gateway, ledger);
  }

  /**
   * Calls of a server beside it.
   *
   * @param own what its calls are noted in; null: nothing
   */
  IntakeLoad beside(GatewayProcess server, @Nullable Ledger own) {
    return new IntakeLoad(loop.vertx(), server.publicUrl(), CALLERS, own);
  }

  /** As fast as answers come. */
  IntakeLoad.Measured ceiling(IntakeLoad load, Duration time) {
    return loop.on(() -> load.ceiling(CALLERS, time, traffic::next), time);
  }

  /** At planned times. */
  IntakeLoad.Measured rate(IntakeLoad load, double perSecond, Duration time) {
    return loop.on(() -> load.rate(perSecond, time, number -> traffic.next()), time);
  }

  /** Contacts that wrote, on whatever side. */
  int contacts() {
    return traffic.contacts();
  }

  /**
   * Reads everything back and prints the ledger; true if it is clean.
   *
   * @param failures calls that were not accepted, on any side
   * @param more figures for that line, each after a space
   */
  boolean account(GatewayProcess gateway, long failures, String more) {
    int gaps =
        new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
            .inbound(message -> ledger.stored(message.path("externalId").asText()));
    Ledger.Balance balance = ledger.balance();
    out.println(
        balance
            + " gaps="
            + gaps
            + " refusedOrFailed="
            + failures
            + more
            + " blocked="
            + gateway.blockedWarnings()
            + " "
            + gateway.stops());
    return balance.isClean() && gaps == 0 && failures == 0 && gateway.blockedWarnings() == 0;
  }

  /** Figures, where they are results: of a run that was clean and asked what was planned. */
  void tell(List<String> figures, boolean clean, boolean kept) {
    if (!clean) {
      out.println("not clean, so there are no figures");
    } else if (!kept) {
      out.println("the generator fell behind, so there are no figures");
    } else {
      figures.forEach(out::println);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
