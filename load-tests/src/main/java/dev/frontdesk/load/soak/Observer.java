// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Takes a {@link Sample} whenever it is asked. Used by one thread. */
final class Observer implements AutoCloseable {

  private final Site site;
  private final Customers customers;
  private final GatewayProbe gateway;
  private final StoreProbe store;
  private final List<StoreCensus> censuses = new ArrayList<>();
  private final Histogram latency = new Histogram(120_000_000L, 3);
  private long lagMillis;
  private long accepted;
  private long refused;
  private long unknown;

  Observer(Site site, Customers customers, GatewayProbe gateway, StoreProbe store) {
    this.site = site;
    this.customers = customers;
    this.gateway = gateway;
    this.store = store;
  }

  /**
   * Looks now.
   *
   * @param seconds since the last look
   * @param withCensus whether all garbage is collected and the keys of the store are gone through,
   *     too; otherwise heap and kinds of keys are not known
   */
  Sample look(double second, double seconds, boolean withCensus) {
    double heap = withCensus ? of(gateway, GatewayProbe::collected) : Double.NaN;
    Customers.Seen seen = CrashRun.await(customers.take(), 30);
    latency.add(seen.latency());
    lagMillis = Math.max(lagMillis, seen.lagMillis());
    accepted += seen.accepted();
    refused += seen.refused();
    unknown += seen.unknown();
    GatewayProcess lasting = site.lasting();
    Descriptors open =
        Descriptors.of(
            lasting.pid(),
            Set.of(
                lasting.publicUrl().getPort(),
                lasting.managementUrl().getPort(),
                site.platformPort()));
    StoreCensus census = withCensus ? census(second) : null;
    StoreProbe.Said said = said();
    return new Sample(
        second,
        seen.accepted() / seconds,
        seen.latency().getTotalCount() == 0
            ? Double.NaN
            : seen.latency().getValueAtPercentile(99) / 1_000.0,
        heap,
        of(gateway, GatewayProbe::direct),
        lasting.residentBytes(),
        open.own(),
        open.all(),
        of(said, StoreProbe.Said::usedMemory),
        of(said, StoreProbe.Said::dataset),
        of(census, StoreCensus::working),
        of(said, StoreProbe.Said::appendOnlyFile),
        of(said, StoreProbe.Said::keys),
        of(said, StoreProbe.Said::conversations));
  }

  /** From the plan of a message until it was accepted, microseconds, of all so far. */
  Histogram latency() {
    return latency;
  }

  /** The longest time from the plan of a message until it was sent. */
  long lagMillis() {
    return lagMillis;
  }

  /** Of the store's keys, from a second on. */
  List<StoreCensus> censuses(double from) {
    return censuses.stream().filter(one -> one.second() >= from).toList();
  }

  /** Accepted so far. */
  long accepted() {
    return accepted;
  }

  @Override
  public String toString() {
    return "accepted=" + accepted + " 503=" + refused + " noAnswer=" + unknown;
  }

  private StoreProbe.@Nullable Said said() {
    try {
      return store.look();
    } catch (RuntimeException notNow) {
      return null;
    }
  }

  private @Nullable StoreCensus census(double second) {
    try {
      StoreCensus census = store.census(second);
      censuses.add(census);
      return census;
    } catch (RuntimeException notNow) {
      return null;
    }
  }

  private static <T> double of(@Nullable T from, ToDoubleFunction<T> figure) {
    try {
      return from == null ? Double.NaN : figure.applyAsDouble(from);
    } catch (RuntimeException notNow) {
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    gateway.close();
    store.close();
  }
}
