// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreAlarms;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract with a script for each shape from its first commit on, instead of commit.lua. */
class CompiledStoreTest extends RedisStoreTest {

  private static final Path FOLDER = TestRedis.folder();
  private static int workspaces;
  private static RedisStore compiled;

  @BeforeAll
  static void start() {
    compiled =
        TestRedis.await(
            RedisStore.open(
                TestRedis.vertx(),
                TestRedis.connection(),
                FOLDER,
                HighWater.LOSS_BOUND,
                HighWater.BEAT,
                new CommitShapes(1, Integer.MAX_VALUE),
                StoreAlarms.NONE));
  }

  @AfterAll
  static void stop() {
    TestRedis.await(compiled.close());
    TestRedis.delete(FOLDER);
  }

  @Override
  protected Store openStore() {
    return compiled;
  }

  @Override
  protected String freshWorkspace() {
    return "k" + ++workspaces;
  }
}
