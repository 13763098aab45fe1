// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreContract;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;

/** The contract on the redis-server that the gateway would start here. */
class RedisStoreTest extends StoreContract {

  @Override
  protected Store openStore() {
    return TestRedis.store();
  }

  @Override
  protected String freshWorkspace() {
    return TestRedis.workspace();
  }

  @Override
  protected void pass(Duration time) {
    Instant until = store.clock("acme").now().plus(time);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> store.clock("acme").now().isAfter(until));
  }
}
