// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import com.google.auto.service.AutoService;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;

/** Makes {@code wechat-official} channels. */
@AutoService(ConnectorFactory.class)
@SuppressWarnings("rawtypes") // AutoService names the raw interface
public final class WechatOfficial implements ConnectorFactory<WechatSettings> {

  @Override
  public String name() {
    return "wechat-official";
  }

  @Override
  public ChannelFamily family() {
    return ChannelFamily.WECHAT;
  }

  @Override
  public Class<WechatSettings> settings() {
    return WechatSettings.class;
  }

  @Override
  public Connector create(WechatSettings settings, ChannelContext context) {
    return new WechatConnector(settings, context);
  }
}
