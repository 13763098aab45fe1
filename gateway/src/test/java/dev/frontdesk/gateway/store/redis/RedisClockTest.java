// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RedisClockTest {

  private static final long MILLI = 1_000_000;
  private static final long START = 1_800_000_000_000L;

  private final AtomicLong nanos = new AtomicLong(5_000 * MILLI);
  private final AtomicLong hostMillis = new AtomicLong(START);
  private final List<Long> alarms = new ArrayList<>();
  private final Clock host =
      new Clock() {
        @Override
        public java.time.ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return Instant.ofEpochMilli(hostMillis.get());
        }
      };

  private RedisClock clock(long redisMillis) {
    return new RedisClock(redisMillis, nanos::get, host, alarms::add);
  }

  private void pass(long millis) {
    nanos.addAndGet(millis * MILLI);
    hostMillis.addAndGet(millis);
  }

  @Test
  void now_isNeverAheadOfTheStore_whateverTheRoundTrips() {
    long seed = 20261121;
    Random random = new Random(seed);
    long redis = START;
    RedisClock clock = clock(redis);
    long worst = 0;
    for (int step = 0; step < 5_000; step++) {
      int ask = random.nextInt(20);
      int answer = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(4);
      redis += ask;
      pass(ask);
      long read = redis;
      redis += answer;
      pass(answer);
      clock.heard(read);
      long behind = redis - clock.now().toEpochMilli();
      assertThat(behind).as("seed %d step %d", seed, step).isGreaterThanOrEqualTo(0);
      worst = step > 100 ? Math.max(worst, behind) : worst;
    }
    assertThat(worst).as("how far behind at most, ms").isLessThan(50);
  }

  @Test
  void heard_aStepForward_isFollowedAtOnce_andBack_withinTwoSeconds() {
    RedisClock clock = clock(START);
    pass(10);

    clock.heard(START + 60_000);
    assertThat(clock.now().toEpochMilli()).isEqualTo(START + 60_000);

    for (int n = 0; n < 25; n++) {
      pass(100);
      clock.heard(START + 100L * n);
    }
    assertThat(clock.now().toEpochMilli()).isLessThan(START + 3_000);
  }

  @Test
  void restart_forgetsWhatWasHeard() {
    RedisClock clock = clock(START + 60_000);

    clock.restart(START);

    assertThat(clock.now().toEpochMilli()).isEqualTo(START);
  }

  @Test
  void host_thatDrifts_isToldOnce_andWhenItIsBack() {
    RedisClock clock = clock(START);
    assertThat(alarms).isEmpty();

    hostMillis.addAndGet(700);
    for (int n = 1; n < 40; n++) {
      pass(100);
      clock.heard(START + 100L * n);
    }
    assertThat(alarms).hasSize(1);
    assertThat(alarms.get(0)).isBetween(600L, 800L);

    hostMillis.addAndGet(-700);
    for (int n = 40; n < 80; n++) {
      pass(100);
      clock.heard(START + 100L * n);
    }
    assertThat(alarms).hasSize(2);
    assertThat(alarms.get(1)).isZero();
  }
}
