// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.GatewayProcess;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The baseline: a Vert.x server whose handler reads the body and awaits one {@code XADD} of it on
 * the same Redis, then answers 200. Nothing else.
 *
 * <p>Arguments: the Redis address. Prints {@code frontdesk listening public=… management=…} so that
 * it is started the same way as a gateway.
 */
public final class BareServer {

  private BareServer() {}

  /** Starts it as its own process on a Redis. */
  static GatewayProcess start(String redisUrl, Path log) {
    return GatewayProcess.launch(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            BareServer.class.getName(),
            redisUrl),
        log,
        Map.of());
  }

  /** Runs until killed. */
  public static void main(String[] args) {
    RedisClient client = RedisClient.create(RedisURI.create(args[0]));
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    Vertx vertx = Vertx.builder().with(new VertxOptions().setPreferNativeTransport(true)).build();
    int loops = Runtime.getRuntime().availableProcessors();
    int[] port = new int[1];
    vertx
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    StatefulRedisConnection<String, String> redis =
                        client.connect(StringCodec.UTF8);
                    return vertx
                        .createHttpServer()
                        .requestHandler(
                            request ->
                                request
                                    .body()
                                    .compose(
                                        body ->
                                            Future.fromCompletionStage(
                                                redis
                                                    .async()
                                                    .xadd(
                                                        "{bare}:stream",
                                                        XAddArgs.Builder.maxlen(100_000)
                                                            .approximateTrimming(),
                                                        "d",
                                                        body.toString()),
                                                context))
                                    .onSuccess(id -> request.response().end())
                                    .onFailure(e -> request.response().setStatusCode(503).end()))
                        .listen(0, "127.0.0.1")
                        .onSuccess((HttpServer server) -> port[0] = server.actualPort());
                  }
                },
            new DeploymentOptions().setInstances(loops))
        .onSuccess(
            id -> {
              PrintStream out =
                  new PrintStream(
                      new java.io.FileOutputStream(java.io.FileDescriptor.out),
                      true,
                      java.nio.charset.StandardCharsets.UTF_8);
              String url = "http://127.0.0.1:" + port[0];
              out.println("frontdesk listening public=" + url + " management=" + url);
            })
        .onFailure(e -> Runtime.getRuntime().halt(1));
  }
}
