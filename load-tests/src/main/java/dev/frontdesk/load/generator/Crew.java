// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.CrashRun;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.function.Supplier;

/** Everybody of a scenario who is connected to the gateway: agents, bots, silent visitors. */
final class Crew {

  private static final int COMING_SECONDS = 120;

  private final Context home;
  private final Scenario scenario;
  private final Agents agents;
  private final Agents away;
  private final BotSessions bots;
  private final IdleVisitors visitors;

  Crew(Vertx vertx, Context home, URI gateway, Replies replies, Scenario scenario, long seed) {
    this.home = home;
    this.scenario = scenario;
    Scenario.Agents terms = scenario.agents();
    Api api = new Api(vertx, gateway, terms.number() + scenario.idle().polls());
    this.agents = new Agents(vertx, api, replies, terms.thinkTime());
    this.away = new Agents(vertx, api, replies, terms.thinkTime());
    this.bots = new BotSessions(vertx, gateway, replies, scenario.bots(), seed);
    this.visitors = new IdleVisitors(vertx, gateway, scenario.idle().visitors());
  }

  /** All come; returns when visitors and bots are connected. */
  void begin() {
    on(
        () -> {
          bots.connect(scenario.bots().number());
          agents.work(0, scenario.agents().number());
          away.away(scenario.agents().number(), scenario.idle().polls());
          return visitors.come(scenario.idle().visitors());
        });
  }

  /** Who is here. */
  String connected() {
    return "connected: agents "
        + scenario.agents().number()
        + ", bots "
        + bots.connected()
        + ", idle visitors "
        + visitors.open()
        + ", idle polls "
        + away.pollsOpen();
  }

  /** Silent connections must have stayed, whatever was done beside them. */
  void judge(Judgement judgement) {
    int gone = scenario.idle().visitors() - visitors.open();
    judgement.check(gone == 0, gone + " silent visitors lost their sockets");
    judgement.check(away.pollsRefused() == 0, away.pollsRefused() + " idle polls were refused");
  }

  /** They take nothing new. */
  void stop() {
    agents.stop();
    away.stop();
    bots.stop();
  }

  /** Whether agents have nothing left to do. */
  boolean isDone() {
    return agents.inHand() == 0;
  }

  private void on(Supplier<Future<Void>> work) {
    Promise<Void> over = Promise.promise();
    home.runOnContext(begin -> work.get().onComplete(over));
    CrashRun.await(over.future(), COMING_SECONDS);
  }

  @Override
  public String toString() {
    return "agents " + agents + "; bots " + bots;
  }
}
