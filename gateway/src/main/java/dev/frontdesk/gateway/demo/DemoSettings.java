// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.connector.email.EmailSettings;
import dev.frontdesk.connector.telegram.TelegramConnector;
import dev.frontdesk.connector.twilio.TwilioSmsConnector;
import dev.frontdesk.connector.twilio.TwilioVoiceConnector;
import dev.frontdesk.connector.webhook.WebhookConnector;
import dev.frontdesk.connector.wechat.WechatSettings;
import java.util.Objects;

/** What {@code config/demo.yaml} agreed with the platforms and gave to people. */
record DemoSettings(LoadedConfig loaded) {

  static final String WORKSPACE = "acme";

  WechatSettings wechat() {
    return (WechatSettings) loaded.settings(WORKSPACE, "wechat");
  }

  TelegramConnector.Settings telegram() {
    return (TelegramConnector.Settings) loaded.settings(WORKSPACE, "telegram");
  }

  TwilioSmsConnector.Settings sms() {
    return (TwilioSmsConnector.Settings) loaded.settings(WORKSPACE, "sms");
  }

  TwilioVoiceConnector.Settings phone() {
    return (TwilioVoiceConnector.Settings) loaded.settings(WORKSPACE, "phone");
  }

  EmailSettings mail() {
    return (EmailSettings) loaded.settings(WORKSPACE, "mail");
  }

  WebhookConnector.Settings hook() {
    return (WebhookConnector.Settings) loaded.settings(WORKSPACE, "hook");
  }

  String agentToken(String agent) {
    return Objects.requireNonNull(workspace().agents().get(agent)).token().newest();
  }

  String botToken() {
    return Objects.requireNonNull(workspace().bots().get("faq")).token().newest();
  }

  private FrontdeskConfig.Workspace workspace() {
    return Objects.requireNonNull(loaded.config().workspaces().get(WORKSPACE));
  }
}
