// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document itself; frames of running sockets are checked by {@link Peer} in every test. */
class AsyncApiTest {

  @Test
  void references_leadSomewhere() {
    assertThat(AsyncApi.document().path("asyncapi").asText()).isEqualTo("3.0.0");
    List<JsonNode> references = AsyncApi.document().findValues("$ref");

    assertThat(references).hasSizeGreaterThan(50);
    for (JsonNode reference : references) {
      assertThat(AsyncApi.document().at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void schemas_areAllUsed() {
    List<String> unused = new ArrayList<>();
    String text = AsyncApi.document().toString();
    AsyncApi.document()
        .at("/components/schemas")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!text.contains("#/components/schemas/" + name + "\"")) {
                unused.add(name);
              }
            });

    assertThat(unused).isEmpty();
  }

  @Test
  void frame_thatIsWrong_isFound() { // the control: this check can fail
    JsonObject stored = new JsonObject().put("type", "stored").put("id", "m1").put("seq", 1);

    assertThat(AsyncApi.problems("toVisitor", stored)).isEmpty();
    assertThat(AsyncApi.problems("toVisitor", stored.copy().put("seq", 0))).isNotEmpty();
    assertThat(AsyncApi.problems("toVisitor", stored.copy().put("more", 0))).isNotEmpty();
    assertThat(AsyncApi.problems("toBot", stored)).isNotEmpty();
  }
}
