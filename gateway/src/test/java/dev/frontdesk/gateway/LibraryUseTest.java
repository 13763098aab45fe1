// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.Connector;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.EpollProvider;
import io.vertx.core.Vertx;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each library the project names is used by production code, and the native transport is on. */
class LibraryUseTest {

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .importLocations(
              List.of(place(FrontdeskConfig.class), place(Connector.class), place(Gateway.class)));

  private static Location place(Class<?> one) {
    try {
      return Location.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> users(String prefix, String except) {
    Set<String> users = new TreeSet<>();
    for (JavaClass one : PRODUCTION) {
      one.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getName())
          .filter(name -> name.startsWith(prefix))
          .filter(name -> except.isEmpty() || !name.startsWith(except))
          .findFirst()
          .ifPresent(name -> users.add(one.getName()));
    }
    return users;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Vert.x core, io.vertx.core., '', dev.frontdesk.gateway.Gateway",
    "Vert.x Web, io.vertx.ext.web., io.vertx.ext.web.client., dev.frontdesk.gateway.edge.PublicServer",
    "Vert.x Web Client, io.vertx.ext.web.client., '', dev.frontdesk.gateway.ChannelFactory",
    "Netty, io.netty., '', dev.frontdesk.gateway.store.redis.RedisOpening",
    "Lettuce, io.lettuce.core., '', dev.frontdesk.gateway.store.redis.RedisConnection",
    "Jackson, com.fasterxml.jackson., '', dev.frontdesk.gateway.conversation.JsonCodec"
  })
  void library_isUsedByProductionCode(String library, String prefix, String except, String user) {
    assertThat(users(prefix, except)).as(library).contains(user);
  }

  @Test
  void tcpUserTimeout_isSetTowardsRedis_andTowardsClients() {
    assertThat(
            PRODUCTION
                .get("dev.frontdesk.gateway.store.redis.LettuceClients")
                .getDirectDependenciesFromSelf())
        .anyMatch(
            dependency ->
                dependency
                    .getTargetClass()
                    .isEquivalentTo(SocketOptions.TcpUserTimeoutOptions.class));
    assertThat(
            PRODUCTION.stream()
                .filter(one -> one.getName().startsWith("dev.frontdesk.gateway.edge.PublicServer"))
                .flatMap(one -> one.getMethodCallsFromSelf().stream()))
        .anyMatch(call -> call.getName().equals("setTcpUserTimeout"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void transport_isNativeEpoll() {
    Vertx vertx = Vertx.vertx(ServerProcess.options());

    assertThat(vertx.isNativeTransportEnabled())
        .as(String.valueOf(vertx.unavailableNativeTransportCause()))
        .isTrue();
    assertThat(EpollProvider.isAvailable()).isTrue();
    TestGateway.await(vertx.close());
  }
}
