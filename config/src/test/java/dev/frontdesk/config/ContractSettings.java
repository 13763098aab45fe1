// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings as the public contract names them, for files whose connectors live elsewhere. */
final class ContractSettings implements SettingsTypes {

  record Wechat(
      String appId,
      Secret appSecret,
      Secret token,
      @Nullable Secret encodingAesKey,
      @Nullable String apiBaseUrl) {}

  record Telegram(Secret botToken, @Nullable Secret secretToken, @Nullable String apiBaseUrl) {}

  record Twilio(
      String accountSid,
      Secret authToken,
      String from,
      @Nullable String publicUrl,
      @Nullable String apiBaseUrl) {}

  record Email(String address, @Nullable Inbound inbound, @Nullable Outbound outbound) {
    record Inbound(@Nullable Basic postmark) {}

    record Basic(String username, Secret password) {}

    record Outbound(@Nullable Smtp smtp) {}

    record Smtp(
        String host,
        @Default("587") int port,
        @Nullable String username,
        @Nullable Secret password,
        @Default("starttls") String tls) {}
  }

  record Webchat(@Default("[]") List<String> allowedOrigins, @Nullable Secret identitySecret) {}

  record Webhook(Secret secret, @Nullable String sendUrl, @Nullable String apiBaseUrl) {}

  private static final Map<String, Class<? extends Record>> TYPES =
      Map.of(
          "wechat-official", Wechat.class,
          "telegram", Telegram.class,
          "twilio-sms", Twilio.class,
          "twilio-voice", Twilio.class,
          "email", Email.class,
          "webchat", Webchat.class,
          "webhook", Webhook.class);

  @Override
  public @Nullable Class<? extends Record> find(String connector) {
    return TYPES.get(connector);
  }

  @Override
  public Set<String> names() {
    return TYPES.keySet();
  }
}
