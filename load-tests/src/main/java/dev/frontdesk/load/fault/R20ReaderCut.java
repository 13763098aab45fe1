// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Redis ends the connections that listen, again and again, as it does with a reader that is too
 * slow. Agents who wait hear of every conversation all the same. In the control all connections are
 * cut and stay so.
 */
final class R20ReaderCut extends ProcessRow {

  private static final int CONVERSATIONS = 60;

  R20ReaderCut() {
    super("R-20", "subscribers killed by Redis x12", "the way to Redis stays cut", "offered");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    TcpProxy proxy = rig.proxy(redis.port());
    GatewayProcess gateway =
        rig.gateway(
            "gateway", rig.config("gateway").redis(proxy.redisUrl()).agents(1, CONVERSATIONS));
    Set<String> offered = ConcurrentHashMap.newKeySet();
    AgentLoop loop =
        new AgentLoop(
            new ApiClient(rig.http(), gateway.publicUrl(), LoadConfig.agentToken(0)),
            20,
            change -> hear(change, offered),
            trouble -> {});
    rig.ends(loop::stop);
    Thread thread = new Thread(loop, "agent");
    thread.setDaemon(true);
    thread.start();
    // in the control they come in elsewhere, while the agent's gateway cannot read of the later
    // ones
    GatewayProcess taking =
        control
            ? rig.gateway("other", rig.config("other").redis(redis.url()).agents(1, CONVERSATIONS))
            : gateway;
    long killed = 0;
    for (int i = 0; i < CONVERSATIONS; i++) {
      if (control && i == CONVERSATIONS / 2) {
        proxy.refuse();
      }
      if (i % 5 == 0) {
        killed += RedisProcess.ask(redis.url(), c -> c.clientKill(KillArgs.Builder.typePubsub()));
      }
      int status = rig.send(taking, "c" + i, "c" + i + "-0", "hello");
      found.holds("", status == 200);
    }
    double all = rig.within(Duration.ofSeconds(15), () -> offered.size() == CONVERSATIONS);
    found.atLeast("subscribersKilled", 5, killed);
    found.equal("offered", CONVERSATIONS, offered.size());
    found.atMost("lastAfterMs", 5_000.0, all);
  }

  private static void hear(JsonNode change, Set<String> offered) {
    if (change.path("type").asText().equals("offered")) {
      offered.add(change.path("conversation").path("contact").path("externalId").asText());
    }
  }
}
