// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreAlarms;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The contract once more on a newer redis-server, where one is found. */
class NewerRedisStoreTest extends RedisStoreTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Path FOLDER = TestRedis.folder();
  private static int workspaces;
  private static EmbeddedRedis server;
  private static RedisConnection connection;
  private static RedisStore newer;

  @BeforeAll
  static void start() {
    String binary = TestRedis.newerBinary();
    Assumptions.assumeTrue(binary != null, "no newer redis-server on this machine");
    server =
        TestRedis.await(
            EmbeddedRedis.start(
                VERTX,
                FOLDER,
                new FrontdeskConfig.Embedded(binary, "256mb", "always", "1mb"),
                StoreAlarms.NONE));
    connection = TestRedis.connect(VERTX, server.address());
    newer = TestRedis.await(RedisStore.open(VERTX, connection, FOLDER, StoreAlarms.NONE));
  }

  @AfterAll
  static void stop() {
    if (newer != null) {
      TestRedis.await(newer.close());
      TestRedis.await(connection.close());
      TestRedis.await(server.close());
    }
    TestRedis.await(VERTX.close());
    TestRedis.delete(FOLDER);
  }

  @Override
  protected Store openStore() {
    return newer;
  }

  @Override
  protected String freshWorkspace() {
    return "n" + ++workspaces;
  }
}
