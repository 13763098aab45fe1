// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.gateway.intake.Channels;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the connectors of a configuration, each with an HTTP client of its own. */
final class ChannelFactory {

  /** Requests that may wait for a connection of one channel before sends fail at once. */
  private static final int WAITING_REQUESTS = 512;

  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  private final Vertx vertx;
  private final ConnectorCatalog catalog;
  private final String publicUrl;

  ChannelFactory(Vertx vertx, ConnectorCatalog catalog, String publicUrl) {
    this.vertx = vertx;
    this.catalog = catalog;
    this.publicUrl = publicUrl;
  }

  /** Every channel of every workspace. */
  Map<String, Map<String, Channels.Channel>> channels(LoadedConfig loaded) {
    Map<String, Map<String, Channels.Channel>> all = new LinkedHashMap<>();
    loaded
        .config()
        .workspaces()
        .forEach((id, workspace) -> all.put(id, channels(loaded, id, workspace)));
    return all;
  }

  private Map<String, Channels.Channel> channels(
      LoadedConfig loaded, String workspace, FrontdeskConfig.Workspace config) {
    Map<String, Channels.Channel> channels = new LinkedHashMap<>();
    config
        .channels()
        .forEach(
            (id, channel) ->
                channels.put(
                    id,
                    channel(
                        channel.connector(),
                        loaded.settings(workspace, id),
                        context(workspace, id, config.outbox()))));
    return channels;
  }

  private Channels.Channel channel(String name, Record settings, ChannelContext context) {
    Connector connector = connector(catalog.factory(name), settings, context);
    return new Channels.Channel(
        context.workspace(),
        context.channel(),
        name,
        catalog.family(name),
        connector,
        () -> connector.close().onComplete(done -> context.client().close()));
  }

  private static <S extends Record> Connector connector(
      ConnectorFactory<S> factory, Record settings, ChannelContext context) {
    return factory.create(factory.settings().cast(settings), context);
  }

  private ChannelContext context(String workspace, String channel, FrontdeskConfig.Outbox outbox) {
    return new ChannelContext(
        workspace,
        channel,
        publicUrl + "/webhooks/" + workspace + "/" + channel,
        vertx,
        client(vertx, outbox),
        outbox.sendTimeout());
  }

  /** A client of one channel: as many connections as sends in flight, each call with an end. */
  static WebClient client(Vertx vertx, FrontdeskConfig.Outbox outbox) {
    long connect = Math.min(CONNECT_TIMEOUT_MILLIS, CallDeadline.waitOf(outbox.sendTimeout()));
    WebClientOptions options = new WebClientOptions();
    options
        .setUserAgent("Frontdesk")
        .setFollowRedirects(false)
        .setConnectTimeout((int) connect)
        .setKeepAlive(true);
    // of a connection without a call: the calls have their own end
    options.setIdleTimeout((int) outbox.sendTimeout().toSeconds() + 5);
    WebClient client =
        WebClient.create(
            vertx,
            options,
            new PoolOptions()
                .setHttp1MaxSize(outbox.inFlight())
                .setMaxWaitQueueSize(WAITING_REQUESTS));
    return CallDeadline.within(outbox.sendTimeout(), vertx, client);
  }
}
