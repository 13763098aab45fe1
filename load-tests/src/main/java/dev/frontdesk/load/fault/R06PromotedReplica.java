// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * The master dies and a replica takes its place behind one address, as behind a virtual address or
 * a load balancer. For a moment the address leads to the replica while that still is one, so that
 * writes are refused. Replication is asynchronous: what the master acknowledged last may be
 * missing. In the control the replica is never promoted.
 */
final class R06PromotedReplica extends ProcessRow {

  /** Acknowledged messages that may be missing: what was on its way to the replica. */
  private static final int BOUND = 16;

  R06PromotedReplica() {
    super(
        "R-06",
        "master killed, replica promoted behind one address",
        "it stays a replica",
        "backAfterPromotionMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess master = rig.redis();
    RedisProcess replica = rig.redis("--replicaof", "127.0.0.1", Integer.toString(master.port()));
    TcpProxy address = rig.proxy(master.port());
    double synced =
        rig.await(
            "the replica has it",
            Duration.ofSeconds(20),
            () ->
                RedisProcess.ask(replica.url(), commands -> commands.info("replication"))
                    .contains("master_link_status:up"));
    found.note("syncedAfterMs", Math.round(synced));
    GatewayProcess gateway = rig.gateway("gateway", address.redisUrl());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    rig.awaitAccepted(writers, 300);
    master.kill();
    long killed = System.nanoTime();
    address.retarget(replica.port());
    address.cut();
    rig.rest(2_000);
    found.equal("acceptedByAReplica", 0, writers.acceptedSince(killed));
    long promoted = System.nanoTime();
    if (!control) {
      String done = RedisProcess.ask(replica.url(), commands -> commands.replicaofNoOne());
      found.equal("promoted", "OK", done);
    }
    double back = rig.within(Duration.ofSeconds(15), () -> writers.acceptedSince(promoted) > 0);
    found.atMost("backAfterPromotionMs", 5_000, back);
    if (control) {
      return;
    }
    rig.awaitAccepted(writers, 100);
    writers.stop();
    Audit audit = Audit.of(gateway.publicUrl(), writers.ledger());
    found.note("accepted", audit.balance().accepted());
    found.note("stored", audit.balance().stored());
    found.atMost("lost", BOUND, audit.balance().lost());
    found.equal("duplicated", 0, audit.balance().duplicated());
    found.equal("unexpected", 0, audit.balance().unexpected());
    found.equal("gaps", 0, audit.gaps());
  }
}
