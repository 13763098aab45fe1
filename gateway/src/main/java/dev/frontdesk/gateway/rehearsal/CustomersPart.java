// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import dev.frontdesk.connector.sandbox.Customer;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.Visitor;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Customers: one new person per channel and round, who writes twice; and a call nobody signed. */
final class CustomersPart {

  private static final String CHAT = "webchat";

  /** Which of eight messages nobody signed. */
  private static final int UNSIGNED = 3;

  private final House house;
  private final WebSocketClient sockets;
  private final InstantSource clock;
  private final List<Lines.Line> lines;
  private final Map<String, Customer> customers = new HashMap<>();

  CustomersPart(House house, WebSocketClient sockets, InstantSource clock, Stage stage) {
    this.house = house;
    this.sockets = sockets;
    this.clock = clock;
    this.lines = stage.channels();
    for (Lines.Line line : lines) {
      if (line.customer() != null) {
        customers.put(line.connector(), line.customer().apply(webhook(line.connector())));
      }
    }
  }

  private String webhook(String channel) {
    return house.url() + "/webhooks/" + Stage.WORKSPACE + "/" + channel;
  }

  /** Everybody writes; ends when all are answered. */
  Future<?> play(int round) {
    List<Future<?>> all = new ArrayList<>();
    for (Lines.Line line : lines) {
      all.add(line.connector().equals(CHAT) ? visit(round) : write(line, round));
    }
    all.add(house.call(HttpMethod.POST, house.url() + "/nowhere", Map.of(), Buffer.buffer()));
    return Future.join(all);
  }

  private Future<?> write(Lines.Line line, int round) {
    return write(line, round, "How do I get a " + word(round) + "?", 2 * round)
        .compose(first -> write(line, round, "Hello? 你好", 2 * round + 1));
  }

  private static String word(int round) {
    return round % 2 == 0 ? Stage.FOR_PEOPLE : "discount";
  }

  private Future<?> write(Lines.Line line, int person, String text, int number) {
    Customer customer = Objects.requireNonNull(customers.get(line.connector()));
    InboundSample sample =
        customer.message(
            line.contact(person),
            "Person " + person,
            text,
            Integer.toString(7_000_000 + number),
            clock.instant());
    return house.call(
        HttpMethod.valueOf(sample.method()),
        webhook(line.connector()) + sample.path(),
        number % 8 == UNSIGNED ? Map.of() : sample.headers(),
        sample.body());
  }

  private Future<?> visit(int round) {
    return Visitor.connect(
            sockets,
            house.url().replace("http:", "ws:") + "/chat/" + Stage.WORKSPACE + "/" + CHAT,
            "https://shop.example",
            "Visitor " + round,
            null,
            shown -> {})
        .compose(
            visitor ->
                visitor
                    .say("m1", "How do I get a " + word(round) + "?")
                    .compose(stored -> visitor.say("m2", "Hello? 你好"))
                    .eventually(visitor::close));
  }
}
