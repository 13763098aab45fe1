// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Customers: people who come at random, write one to five messages, and leave. About 45 messages a
 * second. Everything happens on the scheduler's one thread.
 */
final class DemoCustomers {

  /** People a second; they write 3.1 messages on average. */
  private static final double ARRIVALS = 15.5;

  private static final long TICK_MILLIS = 40;

  /** Ticks until people come at the full rate: five seconds, while every process is still cold. */
  private static final int OPENING_TICKS = 125;

  /** One of these at random: its share of the list is the channel's share of people. */
  private static final List<String> SHARES =
      List.of(
          "wechat",
          "wechat",
          "wechat",
          "telegram",
          "telegram",
          "telegram",
          "site",
          "site",
          "site",
          "hook",
          "hook",
          "hook",
          "sms",
          "sms",
          "phone",
          "mail");

  private final DemoLines lines;
  private final DemoVisitors visitors;
  private final ScheduledExecutorService scheduler;
  private final RandomGenerator random;
  private int people;
  private int ticks;
  private volatile boolean stopped;

  DemoCustomers(
      DemoLines lines,
      DemoVisitors visitors,
      ScheduledExecutorService scheduler,
      RandomGenerator random) {
    this.lines = lines;
    this.visitors = visitors;
    this.scheduler = scheduler;
    this.random = random;
  }

  /** The shop opens. */
  void start() {
    var unused = scheduler.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Nobody comes or writes any more; what was sent is still answered and repeated. */
  void stop() {
    stopped = true;
  }

  private void tick() {
    double opening = Math.min(1, (double) ++ticks / OPENING_TICKS);
    double due = opening * opening * ARRIVALS * TICK_MILLIS / 1_000;
    while (!stopped && random.nextDouble() < due) {
      due -= 1;
      arrive();
    }
  }

  private void arrive() {
    String channel = SHARES.get(random.nextInt(SHARES.size()));
    int person = ++people;
    Chat chat = channel.equals("site") ? visitors.open(person) : lines.open(channel, person);
    chat.say(DemoTexts.question(random));
    boolean once = channel.equals("mail") || channel.equals("phone");
    goOn(chat, once ? 0 : random.nextInt(1, 5));
  }

  private void goOn(Chat chat, int left) {
    if (left == 0) {
      return;
    }
    long pause = random.nextInt(8) == 0 ? random.nextLong(2_000, 6_000) : random.nextLong(150, 900);
    var unused =
        scheduler.schedule(
            () -> {
              if (!stopped) {
                chat.say(DemoTexts.more(random));
                goOn(chat, left - 1);
              }
            },
            pause,
            TimeUnit.MILLISECONDS);
  }
}
