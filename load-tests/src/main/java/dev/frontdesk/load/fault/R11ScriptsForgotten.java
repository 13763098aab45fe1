// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;

/** {@code SCRIPT FLUSH} under load, again and again, then a restart, which forgets them, too. */
final class R11ScriptsForgotten extends ProcessRow {

  R11ScriptsForgotten() {
    super(
        "R-11",
        "SCRIPT FLUSH x20 under load, and a restart",
        "EVAL is taken away, so the scripts cannot come back",
        "notAccepted");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    rig.awaitAccepted(writers, 100);
    if (control) {
      String done =
          RedisProcess.ask(
              redis.url(),
              c ->
                  c.aclSetuser(
                      "default",
                      io.lettuce.core.AclSetuserArgs.Builder.removeCommand(
                          io.lettuce.core.protocol.CommandType.EVAL)));
      found.note("acl", done);
    }
    for (int round = 0; round < 20; round++) {
      String done = RedisProcess.ask(redis.url(), commands -> commands.scriptFlush());
      assert done.equals("OK");
      rig.rest(200);
    }
    found.atLeast("calls", 100, writers.calls().size());
    found.equal("notAccepted", 0, writers.count(call -> !call.accepted()));
    if (control) {
      return;
    }
    redis.kill();
    redis.restart();
    rig.awaitAccepted(writers, 100);
    long serving = System.nanoTime();
    rig.awaitAccepted(writers, 500);
    found.equal(
        "notAcceptedAfterARestart",
        0,
        writers.count(call -> call.sentNanos() - serving > 0 && !call.accepted()));
    writers.stop();
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }
}
