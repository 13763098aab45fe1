// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.customer.CustomerRow;
import dev.frontdesk.gateway.customer.Identity;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.problem.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says who is whom, changes it, and has people forgotten; repeats what got no answer, as anybody
 * does who was told nothing.
 */
final class Operator {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final World world;
  private final Set<String> known = new TreeSet<>();

  Operator(World world) {
    this.world = world;
  }

  /** The first customer, before anything happens; it is nobody. */
  void begin() {
    put(new CustomerRow("c-0", null, null, Map.of(), List.of()));
  }

  /** Links one to three contacts, or other ones than before, or none. */
  void link() {
    List<Conversation> all = List.copyOf(world.journal.states.values());
    List<Identity> identities = new ArrayList<>();
    for (int i = world.random.nextInt(4); i > 0 && !all.isEmpty(); i--) {
      ContactKey contact = world.oneOf(all).contact();
      Identity identity = new Identity(contact.channel(), contact.externalId());
      if (!identities.contains(identity)) {
        identities.add(identity);
      }
    }
    String id = "c-" + (1 + world.random.nextInt(6));
    String tier = world.oneOf(List.of("gold", "silver", ""));
    put(new CustomerRow(id, null, tier.isEmpty() ? null : tier, Map.of(), identities));
  }

  private void put(CustomerRow row) {
    known.add(row.id());
    world
        .patiently(world.anyNode().customers.put(world.workspace, row))
        .onComplete(
            done -> {
              world.trail.add("olga", row.id() + " put " + done.succeeded());
              if (done.failed() && !refused(done.cause())) {
                world.later(PATIENCE, () -> put(row));
              }
            });
  }

  private static boolean refused(Throwable failure) {
    return failure instanceof GatewayException it && it.kind() == GatewayException.Kind.CONFLICT;
  }

  /** A customer with all contacts, or a contact nobody linked. */
  void forget() {
    List<Conversation> all = List.copyOf(world.journal.states.values());
    boolean linked = world.random.nextBoolean() || all.isEmpty();
    erase(linked ? "c-" + (1 + world.random.nextInt(6)) : world.oneOf(all).contact().identity());
  }

  private void erase(String id) {
    world
        .patiently(
            world
                .anyNode()
                .erasures
                .erase(world.workspace, id)
                .compose(under -> under == null ? io.vertx.core.Future.succeededFuture() : under))
        .onComplete(
            done -> {
              world.trail.add("olga", id + " erased " + done.succeeded());
              if (done.failed() && !refused(done.cause())) {
                world.later(PATIENCE, () -> erase(id));
              }
            });
  }

  /** At the end: every open conversation knows what the link of its contact says, no less. */
  void check() {
    var keys = world.workspace.keys();
    var codec = new dev.frontdesk.gateway.conversation.JsonCodec();
    for (Conversation c : world.journal.states.values()) {
      if (c.stage() != Conversation.Stage.CLOSED) {
        @Nullable String link = Now.of(world.store.get(keys.link(c.contact().identity())));
        Check.same(
            c.customer(), link == null ? null : codec.customer(link), "customer of " + c.id());
      }
    }
    Check.same(Now.of(world.store.hashAll(keys.erasures())), Map.of(), "erasures");
    long rows =
        known.stream()
            .filter(id -> !Now.of(world.store.hashAll(keys.customer(id))).isEmpty())
            .count();
    Check.same(
        Now.of(world.store.hashGet(keys.gauges(), "customers")), Long.toString(rows), "customers");
  }
}
