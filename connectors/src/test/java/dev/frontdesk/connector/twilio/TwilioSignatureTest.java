// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioSignatureTest {

  private static final String FORM = "application/x-www-form-urlencoded";
  private final TwilioSignature signature = new TwilioSignature(Secret.of("12345"));

  @ParameterizedTest
  @CsvSource({
    "https://a.example/x?y=1, https://a.example:443/x?y=1",
    "http://a.example/x, http://a.example:80/x",
    "https://a.example:8443/x, https://a.example/x",
    "https://u:p@a.example/x, https://u:p@a.example:443/x",
    "https://u:p@a.example:99/x, https://u:p@a.example/x",
    "https://a.example, https://a.example:443",
    "https://a.example?x=y:z, https://a.example:443?x=y:z",
    "https://[::1]/x, https://[::1]:443/x",
    "https://[::1]:99/x, https://[::1]/x"
  })
  void address_isTriedWithAndWithoutPort(String url, String other) {
    assertThat(TwilioSignature.withAndWithoutPort(url)).containsExactly(url, other);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example:443/x, https://a.example/x",
    "https://a.example/x, https://a.example:443/x"
  })
  void signature_overTheOtherFormOfTheAddress_fits(String called, String signed) throws Exception {
    Map<String, List<String>> form = Map.of("a", List.of("1"));

    signature.verify(request(FORM, "a=1", signature.sign(signed, form)), called);
  }

  @Test
  void parameters_thatStandSeveralTimes_countOncePerValueSorted() throws Exception {
    String url = "https://a.example/x";
    String expected = signature.sign(url, Map.of("k", List.of("1", "2"), "K", List.of("z")));

    signature.verify(request(FORM, "k=2&K=z&k=1&k=2", expected), url);
    assertThat(expected).isEqualTo(signature.sign(url + "Kzk1k2", Map.of()));
  }

  @Test
  void json_withoutItsHash_isUnauthenticated() {
    String url = "https://a.example/x";
    WebhookRequest request = request("application/json", "{}", signature.sign(url, Map.of()));

    assertThatThrownBy(() -> signature.verify(request, url)).isInstanceOf(WebhookRejected.class);
  }

  @Test
  void form_dressedAsJson_isUnauthenticated() {
    String hash = TwilioSignature.bodyHash("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String url = "https://a.example/x?bodySHA256=" + hash;
    String genuine = signature.sign(url, Map.of());

    assertThatThrownBy(() -> signature.verify(request(FORM, "Body=forged", genuine), url))
        .isInstanceOf(WebhookRejected.class);
    assertThatThrownBy(() -> signature.verify(request("", "Body=forged", genuine), url))
        .isInstanceOf(WebhookRejected.class);
  }

  private static WebhookRequest request(String type, String body, String signature) {
    return new WebhookRequest(
        "POST",
        "",
        "",
        Map.of(),
        Map.of("content-type", List.of(type), "x-twilio-signature", List.of(signature)),
        Buffer.buffer(body));
  }
}
