// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.Gateway;
import dev.frontdesk.gateway.intake.Conditions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The acts of one rehearsal, in their order. For one event loop. */
final class Acts {

  /** Enough that what a round calls ten times has passed the compiler's first threshold (200). */
  static final int ROUNDS = 20;

  /** One for each call of a round; with Vert.x's default of 5 a round waits for the long-poll. */
  private static final int CONNECTIONS = 32;

  private final Vertx vertx;
  private final ConnectorCatalog catalog;
  private final InstantSource clock;
  private final HttpClient http;
  private final WebSocketClient sockets;
  private boolean over;
  private int rounds;
  private @Nullable Stage stage;
  private Future<Gateway> opening = Future.failedFuture("not begun");
  private @Nullable Gateway gateway;
  private @Nullable House house;
  private @Nullable WebSocket bot;
  private @Nullable StaffPart staff;
  private @Nullable CustomersPart customers;

  Acts(Vertx vertx, ConnectorCatalog catalog, InstantSource clock) {
    this.vertx = vertx;
    this.catalog = catalog;
    this.clock = clock;
    this.http = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.sockets = vertx.createWebSocketClient();
  }

  /** Plays what is told, until {@link #end} or the last round. */
  Future<Void> play(Stage told) {
    this.stage = told;
    if (over) {
      return told.close();
    }
    this.opening =
        vertx
            .executeBlocking(
                () -> new ConfigLoader(Map.of(), catalog, new Conditions()).parse(told.yaml()),
                false)
            .compose(loaded -> Gateway.inMemory(vertx, loaded, catalog, clock::instant))
            .onSuccess(open -> gateway = open);
    return opening.compose(this::enter).compose(entered -> rounds());
  }

  /** What it came to so far. */
  Played played() {
    return new Played(
        rounds,
        house == null ? Map.of() : house.answers(),
        stage == null ? 0 : stage.web().sentCount("webhook"));
  }

  private Future<?> enter(Gateway open) {
    if (over) {
      return Future.succeededFuture();
    }
    Stage set = Objects.requireNonNull(stage);
    this.house = new House(http, open.publicUrl());
    this.staff = new StaffPart(house, open.managementUrl());
    this.customers = new CustomersPart(house, sockets, clock, set);
    Future<?> answers =
        set.hasBots()
            ? new BotPart(sockets, open.publicUrl()).begin().onSuccess(socket -> bot = socket)
            : Future.succeededFuture();
    return Future.join(answers, staff.begin());
  }

  private Future<Void> rounds() {
    Promise<Void> played = Promise.promise();
    next(played);
    return played.future();
  }

  private void next(Promise<Void> played) {
    if (over || rounds == ROUNDS) {
      played.complete();
      return;
    }
    int round = rounds;
    Future.join(
            Objects.requireNonNull(customers).play(round), Objects.requireNonNull(staff).watch())
        .onComplete(
            done -> {
              rounds++;
              next(played);
            });
  }

  /** Everybody leaves; a gateway that is just being opened is waited for. */
  Future<Void> end() {
    over = true;
    if (staff != null) {
      staff.end();
    }
    Future<?> left = bot == null ? Future.succeededFuture() : bot.close();
    return Future.join(left, opening)
        .transform(done -> Future.join(http.close(), sockets.close()))
        .transform(done -> gateway == null ? Future.<Void>succeededFuture() : gateway.stop())
        .transform(done -> stage == null ? Future.<Void>succeededFuture() : stage.close())
        .mapEmpty();
  }
}
