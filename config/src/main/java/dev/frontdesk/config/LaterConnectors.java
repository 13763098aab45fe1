// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Why a connector's name is refused. */
final class LaterConnectors {

  /** The connectors of the public contract; which of them exist is the class path's to say. */
  private static final Set<String> CONTRACT =
      Set.of(
          "wechat-official",
          "wecom-kf",
          "weibo",
          "whatsapp",
          "messenger",
          "instagram",
          "telegram",
          "line",
          "twilio-sms",
          "twilio-voice",
          "asterisk",
          "tccc",
          "email",
          "slack",
          "feishu",
          "dingtalk",
          "webchat",
          "webhook");

  private LaterConnectors() {}

  static String refusal(JsonNode name, Set<String> known) {
    boolean later = CONTRACT.contains(name.textValue());
    return Scalars.found(name)
        + (later ? ", a connector that is not in this version" : "")
        + ", expected one of "
        + String.join(", ", known.stream().sorted().toList())
        + (later ? "" : Suggestion.among(name.textValue(), known));
  }
}
