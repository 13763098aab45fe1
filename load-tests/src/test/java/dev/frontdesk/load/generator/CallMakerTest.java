// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.config.YamlRecords;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of a scenario: the same seed makes the same, shares are exact. */
class CallMakerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");

  private static final String MIX =
      "channels: { webhook: 40%, wechat: 20%, telegram: 15%, line: 10%, sms: 10%, email: 5% }";

  private static List<Call> made(int number, long seed) {
    Vertx vertx = Vertx.vertx();
    Scenario scenario = YamlRecords.read(MIX, Map.of(), Scenario.class);
    try (Platforms platforms = new Platforms(vertx, scenario.platforms(), seed)) {
      CallMaker calls =
          new CallMaker(
              scenario, platforms.lines(URI.create("http://127.0.0.1:1")), () -> NOW, seed);
      List<Call> all = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        all.add(calls.next());
      }
      return all;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  @Test
  void seed_makesTheSameCalls_andAnotherMakesOthers() {
    List<Call> first = made(300, 5);

    assertThat(made(300, 5)).isEqualTo(first);
    assertThat(made(300, 6)).isNotEqualTo(first);
  }

  @Test
  void calls_ofEveryChannel_areTakenByItsConnector_underTheIdThatIsStored(@TempDir Path folder)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    URI gateway = URI.create("http://127.0.0.1:1");
    ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
    Scenario scenario = YamlRecords.read(MIX, Map.of(), Scenario.class);
    try (Platforms platforms = new Platforms(vertx, scenario.platforms(), 1)) {
      LoadedConfig config =
          ConfigLoader.load(GatewayFile.write(folder, scenario, platforms), Map.of(), catalog);
      Map<String, Line> lines = platforms.lines(gateway);
      for (String channel : Scenario.CHANNELS) {
        Line line = lines.get(channel);
        Connector connector = connector(catalog, config, line.path(), vertx);
        taken(connector, line.message(7, "hello", 41, NOW), line, MessageContent.Text.class);
        taken(connector, line.picture(7, 42, NOW), line, MessageContent.Media.class);
      }
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private static void taken(
      Connector connector, Call call, Line line, Class<? extends MessageContent> kind)
      throws WebhookRejected {
    WebhookRequest request = call.sample().request("http://127.0.0.1:1" + line.path());
    connector.verify(request, NOW);
    List<InboundEvent> events = connector.decode(request, NOW).events();
    assertThat(events).as(line.path()).hasSize(1);
    InboundEvent.Received event = (InboundEvent.Received) events.get(0);
    assertThat(event.key()).isEqualTo(call.stored());
    assertThat(event.content()).isInstanceOf(kind);
    WebhookRequest flipped =
        new InboundSample("POST", call.sample().path(), Map.of(), call.sample().body())
            .request("http://127.0.0.1:1" + line.path());
    if (!line.path().endsWith("/wechat")) { // its signature is in the address
      assertThatThrownBy(() -> connector.verify(flipped, NOW)).isInstanceOf(WebhookRejected.class);
    }
  }

  @SuppressWarnings("unchecked") // the factory is that of these settings
  private static Connector connector(
      ConnectorCatalog catalog, LoadedConfig config, String path, Vertx vertx) {
    String channel = path.substring(path.lastIndexOf('/') + 1);
    Record settings = config.settings(LoadConfig.WORKSPACE, channel);
    String name =
        config.config().workspaces().get(LoadConfig.WORKSPACE).channels().get(channel).connector();
    return ((ConnectorFactory<Record>) catalog.factory(name))
        .create(
            settings,
            new ChannelContext(
                LoadConfig.WORKSPACE,
                channel,
                "http://127.0.0.1:1" + path,
                vertx,
                WebClient.create(vertx),
                Duration.ofSeconds(10)));
  }

  @Test
  void thousandCalls_haveTenRepeated_andTheSharesOfTheMix() {
    List<Call> calls = made(1_000, 11);

    Set<String> ids = new HashSet<>();
    Map<String, Integer> byPath = new HashMap<>();
    int repeated = 0;
    for (Call call : calls) {
      if (ids.add(call.stored())) {
        byPath.merge(call.path(), 1, Integer::sum);
      } else {
        repeated++;
      }
    }
    assertThat(repeated).isEqualTo(10);
    // the deck of channels has dealt 990 of its 1,000 cards
    assertThat(byPath.get("/webhooks/load/hook")).isBetween(390, 400);
    assertThat(byPath.get("/webhooks/load/email")).isBetween(40, 50);
    assertThat(byPath).hasSize(6);
  }
}
