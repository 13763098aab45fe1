// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A platform with a certificate that nobody signed: nothing is sent, and not without TLS either. In
 * the control the same server speaks without TLS.
 */
final class O08WrongCertificate extends ProcessRow {

  private static final String PASSWORD = "nobody-signed-it";

  O08WrongCertificate() {
    super(
        "O-08", "TLS with a certificate of its own making", "the same server without TLS", "calls");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger connections = new AtomicInteger();
    HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    if (!control) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PfxOptions().setPath(certificate(rig).toString()).setPassword(PASSWORD));
    }
    HttpServer server =
        CrashRun.await(
            rig.vertx()
                .createHttpServer(options)
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(
                    request -> {
                      calls.incrementAndGet();
                      request.response().end("{}").onFailure(gone -> {});
                    })
                .listen(),
            10);
    String scheme = control ? "http" : "https";
    GatewayProcess gateway =
        rig.gateway(
            "gateway",
            rig.config("gateway")
                .redis(rig.redis().url())
                .line("outbox: { maxAttempts: 2, firstRetry: 200ms }")
                .sendUrl(scheme + "://127.0.0.1:" + server.actualPort() + "/"));
    found.equal("accepted", 200, rig.send(gateway, "c", "c-0", "hello"));
    Desk agent = rig.agent(gateway, 0);
    agent.available();
    JsonNode mine = agent.accept(agent.offers(1).get(0));
    found.equal("replied", 201, agent.reply(mine, "good day", "o08").status());
    double ended =
        rig.within(
            java.time.Duration.ofSeconds(20),
            () ->
                agent
                    .delivery(mine.path("id").asText(), "good day")
                    .matches("failed|unknown|accepted"));
    found.atMost("endedMs", 20_000.0, ended);
    found.note("delivery", agent.delivery(mine.path("id").asText(), "good day"));
    found.equal("calls", 0, calls.get());
  }

  /** A key store with a certificate of the JDK's keytool. */
  private static Path certificate(Rig rig) throws IOException, InterruptedException {
    Path store = rig.folder().resolve("own.p12");
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(rig.folder().resolve("keytool.log").toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("keytool ended with " + code);
    }
    return store;
  }
}
