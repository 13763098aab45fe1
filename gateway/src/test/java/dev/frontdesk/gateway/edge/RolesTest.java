// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.customer.CustomerRow;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.security.Principal.Role;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route with every role, from the table itself; and every id with another workspace's. */
class RolesTest {

  private static final Map<Role, String> TOKENS =
      Map.of(
          Role.AGENT, "acme-alice",
          Role.SUPERVISOR, "acme-sue",
          Role.OPERATOR, "acme-otto",
          Role.BOT, "acme-faq");

  private static final Map<ApiRoute, String> BODIES =
      Map.ofEntries(
          Map.entry(ApiRoute.PRESENCE, "{\"presence\":\"busy\"}"),
          Map.entry(ApiRoute.ACCEPT, "{\"offer\":\"o\"}"),
          Map.entry(ApiRoute.DECLINE, "{\"offer\":\"o\"}"),
          Map.entry(ApiRoute.SEND, "{\"text\":\"x\",\"epoch\":3}"),
          Map.entry(ApiRoute.TYPING, "{}"),
          Map.entry(ApiRoute.NOTE, "{\"text\":\"x\"}"),
          Map.entry(ApiRoute.TRANSFER, "{\"queue\":\"vip\"}"),
          Map.entry(ApiRoute.PAUSE, "{\"on\":\"customer\"}"),
          Map.entry(ApiRoute.ASSIGN, "{\"agent\":\"alice\"}"),
          Map.entry(ApiRoute.PROMISE, "{\"promise\":\"urgent\"}"));

  private static EdgeFixture edge;
  private static int keys;

  @BeforeAll
  static void start() {
    edge = new EdgeFixture();
    edge.rooms.open("acme", "mine", Owner.agent(new Agent.Id("alice")));
    edge.rooms.open("acme", "bots", Owner.bot("faq"));
    edge.rooms.open("other", "theirs", Owner.agent(new Agent.Id("alice")));
    edge.rooms.open("other", "theirBots", Owner.bot("faq"));
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  static Stream<Arguments> everyRouteAndRole() {
    return Stream.of(ApiRoute.values())
        .flatMap(route -> Stream.of(Role.values()).map(role -> Arguments.of(route, role)));
  }

  static Stream<Arguments> everyIdAndRole() {
    return everyRouteAndRole()
        .filter(args -> ((ApiRoute) args.get()[0]).path().contains("{id}"))
        // whoever puts a customer names it: there is always one after that
        .filter(args -> args.get()[0] != ApiRoute.PUT_CUSTOMER)
        .filter(args -> ((ApiRoute) args.get()[0]).allows((Role) args.get()[1]));
  }

  private static int status(ApiRoute route, String token, String id) {
    return edge.call(
            route.method().name(),
            route.path().replace("{id}", id),
            token,
            BODIES.get(route),
            Map.of("Idempotency-Key", "k" + keys++))
        .statusCode();
  }

  @ParameterizedTest
  @MethodSource("everyRouteAndRole")
  void route_byRole(ApiRoute route, Role role) {
    edge.rooms.deadLetters.put("mine.1", "x");
    edge.rooms.customers.put("mine", new CustomerRow("mine", null, "gold", Map.of(), List.of()));
    String id =
        route.path().contains("/agents/")
            ? "bystander"
            : route.path().contains("/dead-letters/") ? "mine.1" : "mine";

    int status = status(route, TOKENS.get(role), role == Role.BOT ? "bots" : id);

    if (!route.allows(role)) {
      assertThat(status).isEqualTo(403);
    } else if (id.equals("bystander")) {
      assertThat(status).as("an agent nobody configured").isEqualTo(404);
    } else {
      assertThat(status).isBetween(200, 204);
    }
    assertThat(status(route, null, id)).isEqualTo(401);
    assertThat(status(route, "acme-unknown", id)).isEqualTo(401);
  }

  /** P-04: an id of another workspace is as unknown as one that never was. */
  @ParameterizedTest
  @MethodSource("everyIdAndRole")
  void id_ofAnotherWorkspace(ApiRoute route, Role role) {
    String id =
        route.path().contains("/agents/")
            ? "nobody"
            : route.path().contains("/dead-letters/")
                ? "theirs.1"
                : role == Role.BOT ? "theirBots" : "theirs";

    int status = status(route, TOKENS.get(role), id);

    assertThat(status).isEqualTo(404);
    assertThat(status(route, TOKENS.get(role), "never")).isEqualTo(404);
  }
}
