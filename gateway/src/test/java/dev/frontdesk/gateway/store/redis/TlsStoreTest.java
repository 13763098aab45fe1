// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.RedisUrl;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** {@code rediss://}: a server with a certificate that it signed itself, for 127.0.0.1. */
class TlsStoreTest {

  private static final String PASSWORD = "changeit";

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = TestRedis.folder();
  private Process server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.destroyForcibly();
    }
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  @Test
  void server_ofAKnownSigner_isUsed_andOfAnotherRefused() throws Exception {
    Path certificate = certificate("redis");
    Path other = certificate("other");
    int port = TestCluster.freePort();
    server = start(port);
    RedisUrl url = RedisUrl.of("rediss://127.0.0.1:" + port);
    Awaitility.await()
        .until(() -> !server.isAlive() || Files.readString(log()).contains("Ready to accept"));
    Assumptions.assumeTrue(server.isAlive(), "the redis-server of this machine has no TLS");

    RedisConnection connection =
        TestRedis.connect(vertx, RedisAddress.of(url, certificate.toString()));
    RedisStore store =
        TestRedis.await(RedisStore.open(vertx, connection, folder, StoreAlarms.NONE));
    assertThat(TestRedis.await(store.open("acme"))).isTrue();
    CommitResult result =
        TestRedis.await(
            store.commit(
                Commit.of("acme", store.clock("acme").now(), Commit.Urgency.INTAKE)
                    .write(new Write.Push(new RedisKeys("acme").parked("l"), "x"))
                    .build()));

    assertThat(result).isInstanceOf(CommitResult.Done.class);
    assertThatThrownBy(() -> TestRedis.connect(vertx, RedisAddress.of(url, other.toString())))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("rediss://127.0.0.1:" + port);
    assertThatThrownBy(() -> TestRedis.connect(vertx, RedisAddress.of(url, null)))
        .isInstanceOf(StoreUnavailableException.class);
    TestRedis.await(store.close());
    TestRedis.await(connection.close());
  }

  private Path log() {
    return folder.resolve("redis.log");
  }

  private Process start(int port) throws Exception {
    Process started =
        new ProcessBuilder(
                TestRedis.binary(folder).toString(),
                "--port",
                "0",
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                folder.resolve("redis.pem").toString(),
                "--tls-key-file",
                folder.resolve("redis.key").toString(),
                "--tls-ca-cert-file",
                folder.resolve("redis.pem").toString(),
                "--tls-auth-clients",
                "no",
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "")
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    return started;
  }

  /** Makes NAME.pem and NAME.key by the JDK's own tool; answers the former. */
  private Path certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore pair = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      pair.load(in, PASSWORD.toCharArray());
    }
    Key key = pair.getKey(name, PASSWORD.toCharArray());
    pem(folder.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded());
    return pem(
        folder.resolve(name + ".pem"), "CERTIFICATE", pair.getCertificate(name).getEncoded());
  }

  private static Path pem(Path file, String what, byte[] bytes) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
