// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

/**
 * Makes connectors of one platform; found by {@link java.util.ServiceLoader} (annotate the class
 * with {@code @AutoService(ConnectorFactory.class)}).
 *
 * @param <S> the settings: a record whose compact constructor validates; see {@code
 *     dev.frontdesk.config} for the types a settings record may have
 */
public interface ConnectorFactory<S extends Record> {

  /** The name in {@code channels.<id>.connector}: {@code wechat-official}. Also its page's name. */
  String name();

  ChannelFamily family();

  Class<S> settings();

  /** Does no I/O; called at start and at each reload that changes the channel. */
  Connector create(S settings, ChannelContext context);
}
