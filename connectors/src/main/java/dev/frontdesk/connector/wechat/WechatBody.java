// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a callback, whether the account is set to XML or to JSON.
 *
 * @param values by the platform's names; nested ones as {@code Parent.Child}
 */
record WechatBody(Map<String, String> values) {

  /** A character takes three bytes at most: nothing longer is worth being decoded. */
  static final int MAX_BYTES = 3 * WechatXml.MAX_CHARS;

  static WechatBody of(Buffer bytes) throws WebhookRejected {
    if (bytes.length() > MAX_BYTES) {
      throw WebhookRejected.malformed(
          "body of " + bytes.length() + " bytes, expected at most " + MAX_BYTES);
    }
    return of(StrictJson.utf8(bytes.getBytes()));
  }

  static WechatBody of(String document) throws WebhookRejected {
    String text = document.startsWith("\uFEFF") ? document.substring(1) : document;
    String start = text.stripLeading();
    if (start.startsWith("{")) {
      return new WechatBody(json(text));
    }
    if (start.startsWith("<")) {
      return new WechatBody(WechatXml.fields(start));
    }
    throw WebhookRejected.malformed("body is neither XML nor a JSON object");
  }

  private static Map<String, String> json(String text) throws WebhookRejected {
    Map<String, String> values = new LinkedHashMap<>();
    flatten("", StrictJson.object(Buffer.buffer(text)), values);
    return values;
  }

  private static void flatten(String prefix, JsonNode object, Map<String, String> into) {
    object
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (value.isObject()) {
                flatten(prefix + field.getKey() + ".", value, into);
              } else if (!value.isNull()) {
                into.put(
                    prefix + field.getKey(),
                    value.isTextual() ? value.textValue() : value.toString());
              }
            });
  }

  /** A field that is there and not empty. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(v -> !v.isEmpty());
  }

  String required(String name) throws WebhookRejected {
    String value = values.get(name);
    if (value == null || value.isBlank()) {
      throw WebhookRejected.malformed(name + " is missing");
    }
    return value.strip();
  }
}
