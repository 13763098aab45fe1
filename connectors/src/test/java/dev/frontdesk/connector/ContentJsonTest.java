// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.connector.MessageContent.Call;
import dev.frontdesk.connector.MessageContent.Choice;
import dev.frontdesk.connector.MessageContent.Chosen;
import dev.frontdesk.connector.MessageContent.Event;
import dev.frontdesk.connector.MessageContent.Location;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.MessageContent.Text;
import dev.frontdesk.connector.MessageContent.Unsupported;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentJsonTest {

  static Stream<MessageContent> contents() {
    return Stream.of(
        new Text("退款 👩‍👩‍👧"),
        new Media(Media.Type.IMAGE, "m1", "https://x/a", "image/png", 7L, "a.png", "look"),
        new Media(Media.Type.AUDIO, null, "http://x/a", null, null, null, null),
        new Media(Media.Type.VIDEO, "m1", null, null, 5_000_000_000L, null, null),
        new Media(Media.Type.FILE, "m1", null, null, null, "r.pdf", null),
        new Location(-31.25, 121.5, "Bund"),
        new Location(90, -180, null),
        new Choice("Which?", List.of(new Choice.Option("a", "A"), new Choice.Option("b", "B"))),
        new Chosen("a", null),
        new Chosen("a", "A"),
        new Call("CA1", "voicemail", 4, "https://x/r"),
        new Call("CA1", "missed", null, null),
        new Event("followed", Map.of("scene", "7", "from", "shop")),
        new Unsupported("hologram"));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void content_readsBackAsItWasWritten(MessageContent content) throws Exception {
    String json = ContentJson.write(content).toString();

    assertThat(ContentJson.read(new ObjectMapper().readTree(json))).isEqualTo(content);
    assertThat(json).startsWith("{\"kind\":\"" + content.kind() + "\"").doesNotContain("null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{}",
        "{\"kind\":1}",
        "{\"kind\":\"text\"}",
        "{\"kind\":\"text\",\"text\":\"\"}",
        "{\"kind\":\"text\",\"text\":{}}",
        "{\"kind\":\"image\"}",
        "{\"kind\":\"image\",\"url\":\"javascript:alert(1)\"}",
        "{\"kind\":\"image\",\"mediaId\":\"m\",\"bytes\":1.5}",
        "{\"kind\":\"location\",\"lat\":\"1\",\"lon\":2}",
        "{\"kind\":\"location\",\"lat\":90.1,\"lon\":2}",
        "{\"kind\":\"location\",\"lat\":1e999,\"lon\":2}",
        "{\"kind\":\"choice\",\"text\":\"?\"}",
        "{\"kind\":\"choice\",\"text\":\"?\",\"options\":[1]}",
        "{\"kind\":\"chosen\"}",
        "{\"kind\":\"call\",\"callId\":\"c\"}",
        "{\"kind\":\"call\",\"callId\":\"c\",\"event\":\"missed\",\"durationSeconds\":-1}",
        "{\"kind\":\"event\",\"name\":\"e\",\"data\":[]}",
        "{\"kind\":\"event\",\"name\":\"e\",\"data\":{\"a\":1}}"
      })
  void content_thatIsNone_isMalformed(String json) throws Exception {
    var node = new ObjectMapper().readTree(json);

    assertThatThrownBy(() -> ContentJson.read(node))
        .isInstanceOf(WebhookRejected.class)
        .hasMessageContaining("xpected");
  }
}
