// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.socket.SocketFixture;
import dev.frontdesk.gateway.store.redis.TestRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example bot as anybody would run it: one source file, one process, the public socket. */
class FaqBotTest {

  private static final int CONVERSATIONS = 60;

  @Test
  void bot_answersAcknowledgesAndHandsAThirdOver() throws IOException {
    try (SocketFixture desk = new SocketFixture()) {
      Path source = Path.of("..", "bots", "FaqBot.java");
      assertThat(Files.exists(source)).isTrue();
      ProcessBuilder command =
          new ProcessBuilder(
              System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
              source.toString(),
              "ws://127.0.0.1:" + desk.node().port() + "/bots/" + desk.id + "/faq");
      command.environment().put("FAQ_TOKEN", SocketFixture.TOKEN);
      Process bot = command.inheritIO().start();
      try {
        List<Conversation.Id> ids = new ArrayList<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
          ids.add(desk.customerWrites("asked", "c" + i, "when are your \"hours\"? 几点\\"));
        }

        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> TestRedis.await(desk.store.sortedCount(desk.keys.botFrames("faq"))) == 0);

        long handedOver =
            ids.stream()
                .filter(id -> desk.conversation(id).stage() == Conversation.Stage.WAITING)
                .count();
        long answered =
            ids.stream()
                .filter(
                    id ->
                        desk.messages(id).stream()
                            .anyMatch(m -> m.direction() == Message.Direction.OUTBOUND))
                .count();
        assertThat(answered + handedOver).isEqualTo(CONVERSATIONS);
        assertThat(handedOver).isBetween(CONVERSATIONS / 8L, CONVERSATIONS * 5 / 8L);
      } finally {
        bot.destroy();
      }
    }
  }
}
