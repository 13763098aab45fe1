// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes signed calls of the {@code webhook} connector (Standard Webhooks 1.0.0). One instance per
 * thread.
 */
public final class WebhookRequests {

  /** Path below the gateway, body, and the three headers of the signature. */
  public record Signed(String path, Buffer body, String id, String timestamp, String signature) {}

  private final String path;
  private final Mac mac;

  /** For one channel with its {@code whsec_} secret. */
  public WebhookRequests(String workspace, String channel, String secret) {
    this.path = "/webhooks/" + workspace + "/" + channel;
    try {
      String key = secret.startsWith("whsec_") ? secret.substring(6) : secret;
      this.mac = Mac.getInstance("HmacSHA256");
      this.mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One text message of a contact; {@code id} is its event id, seconds the Unix time to sign. */
  public Signed message(String id, String contact, String text, long seconds) {
    JsonObject event =
        new JsonObject()
            .put("id", id)
            .put("type", "message")
            .put("contact", new JsonObject().put("id", contact).put("name", "Load " + contact))
            .put("content", new JsonObject().put("kind", "text").put("text", text));
    return signed(id, event.toBuffer(), seconds);
  }

  /** Any body, signed. */
  public Signed signed(String id, Buffer body, long seconds) {
    String timestamp = Long.toString(seconds);
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    String signature = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes()));
    return new Signed(path, body, id, timestamp, signature);
  }
}
