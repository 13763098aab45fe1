// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.HttpUrl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Settings of {@code wechat-official}, under the platform's own names. */
public record WechatSettings(
    @Doc("AppID of the account (开发者ID).") String appId,
    @Doc("AppSecret of the account; fetches access tokens.") Secret appSecret,
    @Doc("Token of the server configuration; signs callbacks. A list while it is changed.")
        Secret token,
    @Nullable @Doc("EncodingAESKey, 43 characters; absent: plain mode. A list while it is changed.")
        Secret encodingAesKey,
    @Default("https://api.weixin.qq.com") @Doc("Where the platform's API lives.") String apiBaseUrl,
    @Default("10m") @Doc("How far a callback's timestamp may be from now, either way.")
        Duration timestampWindow,
    @Default("5") @Doc("Messages the account may send per message of a user, within 48 h.")
        int messagesPerUserMessage) {

  /** Refuses what the platform could never have issued. */
  public WechatSettings {
    if (appId.isBlank()) {
      throw new IllegalArgumentException("appId is empty, expected the account's AppID");
    }
    if (timestampWindow.isNegative() || timestampWindow.isZero()) {
      throw new IllegalArgumentException("timestampWindow is not positive, expected such as 10m");
    }
    if (messagesPerUserMessage < 1) {
      throw new IllegalArgumentException(
          "messagesPerUserMessage is " + messagesPerUserMessage + ", expected 1 or more");
    }
    HttpUrl.require("apiBaseUrl", apiBaseUrl);
    if (encodingAesKey != null) {
      encodingAesKey.all().forEach(WechatCipher::keyOf);
    }
  }
}
