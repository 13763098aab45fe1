// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.simulation.Trace;
import java.io.PrintStream;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Verdicts of a live gateway beside those of the simulator, conversation by conversation. */
final class Comparison {

  private final Trace trace;
  private final BitSet simulated;
  private final @Nullable Boolean[] live;
  private final boolean[] decidedInTime;

  Comparison(Trace trace, BitSet simulated) {
    this.trace = trace;
    this.simulated = (BitSet) simulated.clone();
    this.live = new Boolean[trace.arrivals().size()];
    this.decidedInTime = new boolean[trace.arrivals().size()];
  }

  /**
   * What the gateway says of one.
   *
   * @param state of its clock
   * @param inTime whether the gateway chose an agent in time, however long the answer took
   * @return false when it is none of the trace, comes twice, has another promise or no verdict
   */
  boolean live(int number, String promise, String state, boolean inTime) {
    boolean isVerdict = state.equals("met") || state.equals("breached");
    if (number >= live.length
        || live[number] != null
        || !isVerdict
        || !trace.arrivals().get(number).kind().promise().equals(promise)) {
      return false;
    }
    live[number] = state.equals("met");
    decidedInTime[number] = inTime;
    return true;
  }

  /** Conversations of the trace without a verdict. */
  int lost() {
    int lost = 0;
    for (Boolean one : live) {
      lost += one == null ? 1 : 0;
    }
    return lost;
  }

  /**
   * One line per promise and one for all.
   *
   * @param both false: there is no live side
   * @return whether each promise's shares lie no farther apart than they may
   */
  boolean print(PrintStream out, boolean both) {
    List<String> promises =
        trace.arrivals().stream()
            .map(Trace.Arrival::kind)
            .distinct()
            .sorted(Comparator.comparingLong(Trace.Kind::targetMillis))
            .map(Trace.Kind::promise)
            .distinct()
            .toList();
    boolean agrees = true;
    for (String promise : promises) {
      agrees &= line(out, promise, both);
    }
    return line(out, null, both) && agrees;
  }

  private boolean line(PrintStream out, @Nullable String promise, boolean both) {
    int count = 0;
    int sim = 0;
    int met = 0;
    int decided = 0;
    int differing = 0;
    for (int i = 0; i < live.length; i++) {
      if (promise == null || promise.equals(trace.arrivals().get(i).kind().promise())) {
        boolean kept = Objects.requireNonNullElse(live[i], false);
        count++;
        sim += simulated.get(i) ? 1 : 0;
        met += kept ? 1 : 0;
        decided += decidedInTime[i] ? 1 : 0;
        differing += kept == simulated.get(i) ? 0 : 1;
      }
    }
    double of = count;
    double apart = Math.abs(met - sim) / of;
    out.printf(
        Locale.ROOT,
        "%-14s %5d: simulated %.4f",
        promise == null ? "all" : promise,
        count,
        sim / of);
    if (both) {
      out.printf(
          Locale.ROOT,
          ", live %.4f (%+d, %.4f apart), chosen in time %.4f, differing verdicts %.4f (%d)%s",
          met / of,
          met - sim,
          apart,
          decided / of,
          differing / of,
          differing,
          apart <= Agreement.farthest() ? "" : "  <- too far");
    }
    out.println();
    return apart <= Agreement.farthest();
  }
}
