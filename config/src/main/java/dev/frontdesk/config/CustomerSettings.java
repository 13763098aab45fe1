// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code customers}. */
public record CustomerSettings(
    @Nullable @Doc("A program of yours that is asked who a contact is when a conversation opens.")
        Lookup lookup,
    @Default("[]")
        @Doc("Tiers from the lowest to the highest; says which counts when customers are joined.")
        List<String> tiers) {
  public CustomerSettings {
    if (tiers.stream().anyMatch(tier -> tier.isBlank() || tier.length() > 64)) {
      throw new IllegalArgumentException("tiers has one that is empty or long, expected 1 to 64");
    }
    if (new HashSet<>(tiers).size() < tiers.size()) {
      throw new IllegalArgumentException("tiers names one twice, expected each once");
    }
  }

  /** {@code customers.lookup}. */
  public record Lookup(
      @Doc("Address that is asked, by POST.") String url,
      @Nullable @Doc("Secret of Standard Webhooks (whsec_…) that signs it; none: it is not signed.")
          Secret secret,
      @Default("300ms") @Doc("Time it has to answer, 1s at most; past it there is no tier.")
          Duration timeout,
      @Default("10m") @Doc("Time an answer is kept before the same contact is asked about again.")
          Duration keep,
      @Default("5")
          @Between(min = 1, max = 1000)
          @Doc("Failures one after another that let it rest.")
          int failures,
      @Default("30s") @Doc("Time it rests before it is tried again.") Duration rest,
      @Default("64")
          @Between(min = 1, max = 1000)
          @Doc("Questions on their way at once; without room there is no tier.")
          int inFlight) {

    private static final Duration LONGEST_KEPT = Duration.ofDays(1);

    public Lookup {
      Program.check(url, timeout, secret);
      if (keep.compareTo(LONGEST_KEPT) > 0) {
        throw new IllegalArgumentException("keep is longer than 24h, expected 24h at most");
      }
    }

    /** Without the address: it may carry a token. */
    @Override
    public String toString() {
      return "Lookup[timeout=" + timeout + "]";
    }
  }
}
