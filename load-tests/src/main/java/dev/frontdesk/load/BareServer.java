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
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The baselines: a Vert.x server whose handler reads the body, awaits what its {@link Work} is, and
 * answers 200. Nothing else. It has the gateway's own options of the JVM.
 *
 * <p>Arguments: the work, the Redis address. Prints {@code frontdesk listening public=…
 * management=…} so that it is started the same way as a gateway.
 */
public final class BareServer {

  private static final int LOOPS = Runtime.getRuntime().availableProcessors();

  private BareServer() {}

  /** What is awaited for each call. */
  enum Work {
    /** Nothing. */
    BODY,
    /** One {@code XADD} of the body. */
    XADD,
    /** One {@code EVALSHA} of our commit, see {@link BareCommits}; the body is not looked at. */
    COMMIT
  }

  /** Starts it as its own process on a Redis, with the options that a gateway runs with. */
  static GatewayProcess start(Work work, GatewayProcess like, String redisUrl, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions(commandOf(like.pid())));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BareServer.class.getName(), work.name(), redisUrl));
    return GatewayProcess.launch(command, log, Map.of());
  }

  /**
   * What stands before {@code -jar} in a command line of {@code ./frontdesk}. The archive of
   * classes is that jar's own and stays out: it shortens the start only.
   */
  static List<String> jvmOptions(List<String> command) {
    int jar = command.indexOf("-jar");
    if (jar < 1) {
      throw new IllegalArgumentException("no -jar in " + command);
    }
    return command.subList(1, jar).stream()
        .filter(option -> !option.startsWith("-XX:SharedArchiveFile="))
        .toList();
  }

  private static List<String> commandOf(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
      return List.of(line.split("\0", 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs until killed. */
  public static void main(String[] args) {
    Work work = Work.valueOf(args[0]);
    RedisClient client = RedisClient.create(RedisURI.create(args[1]));
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    Vertx vertx = Vertx.builder().with(new VertxOptions().setPreferNativeTransport(true)).build();
    int[] port = new int[1];
    vertx
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    Function<Buffer, Future<?>> each = work(work, client, context);
                    return vertx
                        .createHttpServer()
                        .requestHandler(
                            request ->
                                request
                                    .body()
                                    .compose(each::apply)
                                    .onSuccess(done -> request.response().end())
                                    .onFailure(e -> request.response().setStatusCode(503).end()))
                        .listen(0, "127.0.0.1")
                        .onSuccess((HttpServer server) -> port[0] = server.actualPort());
                  }
                },
            new DeploymentOptions().setInstances(LOOPS))
        .onSuccess(
            id -> {
              String url = "http://127.0.0.1:" + port[0];
              println("frontdesk listening public=" + url + " management=" + url);
            })
        .onFailure(
            e -> {
              println(e.toString()); // to the log, where whoever starts it looks
              Runtime.getRuntime().halt(1);
            });
  }

  private static void println(String line) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.println(line);
  }

  /** The work of one event loop, on a connection of its own. */
  private static Function<Buffer, Future<?>> work(Work work, RedisClient client, Context context) {
    if (work == Work.BODY) {
      return body -> Future.succeededFuture();
    }
    StatefulRedisConnection<String, String> redis = client.connect(StringCodec.UTF8);
    if (work == Work.COMMIT) {
      BareCommits commits = new BareCommits(redis, LOOPS);
      return body -> Future.fromCompletionStage(commits.next(), context);
    }
    XAddArgs trimmed = XAddArgs.Builder.maxlen(100_000).approximateTrimming();
    return body ->
        Future.fromCompletionStage(
            redis.async().xadd("{bare}:stream", trimmed, "d", body.toString()), context);
  }

  /** As it stands in what is printed. */
  static String label(Work work) {
    return switch (work) {
      case BODY -> "bare handler";
      case XADD -> "bare XADD";
      case COMMIT -> "bare commit";
    };
  }

  static String file(Work work) {
    return "bare-" + work.name().toLowerCase(Locale.ROOT) + ".log";
  }
}
