// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.nio.file.Path;

/**
 * A channel's secret is replaced under traffic: both are in force, then customers change, then the
 * old one goes. In the control the old one goes at once.
 */
final class G12RotatedSecret extends ProcessRow {

  private static final String NEXT = "whsec_dGhlLW5leHQtc2VjcmV0LTAxMjM0NTY3ODk=";

  G12RotatedSecret() {
    super(
        "G-12",
        "a secret replaced under traffic by SIGHUP",
        "the old one goes at once",
        "refused401",
        "notAccepted");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", config(rig, redis, LoadConfig.SECRET));
    Writers writers = rig.writers(5, gateway).withoutRepeating().begin("c", 16);
    rig.awaitAccepted(writers, 100);
    reload(rig, gateway, redis, control ? NEXT : "[" + NEXT + ", " + LoadConfig.SECRET + "]");
    writers.secret(NEXT);
    rig.awaitAccepted(writers, 100);
    reload(rig, gateway, redis, NEXT);
    rig.awaitAccepted(writers, 100);
    writers.stop();
    found.equal("refused401", 0, writers.count(call -> call.status() == 401));
    found.equal("notAccepted", 0, writers.count(call -> !call.accepted()));
    found.equal(
        "oldOneAfterwards", 401, rig.send(gateway, "late", "late-0", "signed with the old one"));
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static LoadConfig config(Rig rig, RedisProcess redis, String secret) {
    return rig.config("gateway").redis(redis.url()).secret(secret);
  }

  private static void reload(Rig rig, GatewayProcess gateway, RedisProcess redis, String secret) {
    Path written = config(rig, redis, secret).write("gateway.yaml");
    assert written.toFile().exists();
    Rig.signal(gateway.pid(), "HUP");
    rig.rest(2_000);
  }
}
