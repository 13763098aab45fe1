// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * {@code FLUSHALL} under a gateway that has answers to send: quarantine until an operator adopts
 * the store. The control flushes a key that is not the epoch, which is no other store.
 */
final class R14EmptiedRedis extends ProcessRow {

  R14EmptiedRedis() {
    super(
        "R-14",
        "Redis comes back empty",
        "only an unrelated key is deleted",
        "intake",
        "sendsAfterwards");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws Exception {
    FakePlatform platform = rig.platform(new WebhookReceiver(Secret.of(LoadConfig.SECRET)));
    RedisProcess redis = rig.redis();
    LoadConfig config = rig.config("gateway").redis(redis.url()).sendUrl(platform.url("webhook"));
    GatewayProcess gateway = rig.gateway("gateway", config);
    found.equal("accepted", 200, rig.send(gateway, "c", "m-0", "hello"));
    Desk agent = rig.agent(gateway, 0);
    agent.available();
    JsonNode mine = agent.accept(agent.offers(1).get(0));
    platform.inject("webhook", Fault.UNAVAILABLE, 1_000);
    found.equal("replied", 201, agent.reply(mine, "later", "r14").status());
    double tried =
        rig.await("a first try", Duration.ofSeconds(10), () -> platform.callCount("webhook") > 0);
    found.note("triedAfterMs", Math.round(tried));
    RedisProcess.ask(
        redis.url(), commands -> control ? commands.del("unrelated") : commands.flushall());
    long calls = platform.callCount("webhook");
    platform.heal("webhook");
    double noticed =
        rig.within(Duration.ofSeconds(10), () -> rig.send(gateway, "c", "m-1", "more") == 503);
    found.atMost("refusedAfterMs", 10_000, noticed);
    rig.rest(4_000);
    found.equal("intake", 503, rig.send(gateway, "d", "m-2", "new"));
    found.equal("sendsAfterwards", 0, platform.callCount("webhook") - calls);
    found.equal("ready", 503, rig.ready(gateway).status());
    found.holds("saysQuarantine", rig.ready(gateway).body().contains("quarantin"));
    if (control) {
      return;
    }
    found.equal("exit", 0, gateway.stop());
    GatewayProcess again = rig.gateway("gateway", config);
    found.equal("intakeAfterARestart", 503, rig.send(again, "c", "m-1", "more"));
    found.equal("exit", 0, again.stop());
    Process adopt =
        new ProcessBuilder(
                GatewayProcess.root().resolve("frontdesk").toString(),
                "adopt",
                "--config",
                rig.folder().resolve("gateway/gateway.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(rig.folder().resolve("adopt.log").toFile())
            .start();
    found.equal("adopt", 0, adopt.waitFor());
    GatewayProcess adopted = rig.gateway("gateway", config);
    found.equal("intakeAfterAdoption", 200, rig.send(adopted, "c", "m-1", "more"));
    found.equal("sends", 0, platform.callCount("webhook") - calls);
  }
}
