// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.customer.Customers.Stored;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets customers: what was told of them, and every conversation of their identities with all it
 * wrote anywhere. What stays is digests of event keys, so that a platform's repeat brings nothing
 * back, and counts.
 *
 * <ol>
 *   <li>The customer itself is gone with the first commit; that commit also says what is left to do
 *       and arms a timer, so a node that dies is succeeded after {@link #SUCCESSION}.
 *   <li>Bounded: {@link #ROUND} conversations are looked for at a time, one is erased after the
 *       other.
 *   <li>Doing it twice, or on two nodes at once, is harmless.
 *   <li>What the contact writes after it began opens a conversation that stays.
 * </ol>
 */
public final class CustomerErasures {

  /** After this the timer looks whether whoever began is still at it. */
  static final Duration SUCCESSION = Duration.ofSeconds(30);

  static final int ROUND = 100;
  private static final int TRIES = 16;
  private static final Logger LOG = LoggerFactory.getLogger(CustomerErasures.class);

  private final Store store;
  private final Customers customers;
  private final IdentityConversations index;
  private final ConversationEraser eraser;
  private final ConversationService conversations;
  private final Map<String, Future<Void>> underWay = new ConcurrentHashMap<>();

  public CustomerErasures(
      Store store,
      Customers customers,
      ConversationService conversations,
      ConversationEraser eraser) {
    this.store = store;
    this.customers = customers;
    this.conversations = conversations;
    this.eraser = eraser;
    this.index = new IdentityConversations(store);
  }

  /**
   * Erases a customer. The outer future ends when it has begun, with an inner one that ends when it
   * is done; with null when there is nothing of that id.
   */
  public Future<@Nullable Future<Void>> erase(Workspace workspace, String customer) {
    return begin(workspace, customer, TRIES)
        .map(began -> began == null ? null : run(workspace, began))
        .recover(Customers::told);
  }

  /**
   * Goes on with an erasure that was begun somewhere. The future does not wait for its end: the
   * timer comes again until that is there.
   */
  public Future<Void> resume(Workspace workspace, Timer timer) {
    String customer = timer.subject();
    return store
        .hashGet(workspace.keys().erasures(), customer)
        .compose(
            row -> {
              if (row == null) {
                return done(
                    workspace,
                    new Erasure(customer, store.clock(workspace.id()).now(), List.of(), List.of()));
              }
              run(workspace, Erasure.decode(customer, row))
                  .onFailure(
                      failure ->
                          LOG.atWarn()
                              .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                              .setCause(failure)
                              .log("An erasure was not ended, it goes on later"));
              return Future.succeededFuture();
            });
  }

  private Future<@Nullable Erasure> begin(Workspace workspace, String customer, int tries) {
    Future<@Nullable String> begun = store.hashGet(workspace.keys().erasures(), customer);
    Future<@Nullable Stored> present = customers.read(workspace, customer);
    return Future.all(begun, present)
        .compose(
            read -> {
              String row = begun.result();
              if (row != null) {
                return Future.succeededFuture(Erasure.decode(customer, row));
              }
              Stored stored = present.result();
              return stored != null
                  ? commit(workspace, customer, stored, stored.row().digests(), tries)
                  : isContact(workspace, customer)
                      .compose(
                          yes ->
                              yes
                                  ? commit(workspace, customer, null, List.of(customer), tries)
                                  : Future.succeededFuture(null));
            });
  }

  /** Without a link every contact is a customer, under the digest of its identity. */
  private Future<Boolean> isContact(Workspace workspace, String digest) {
    return store
        .get(workspace.keys().link(digest))
        .compose(
            link ->
                link != null
                    ? Future.succeededFuture(false)
                    : index
                        .find(workspace, id -> isOf(id, List.of(digest)), 1)
                        .compose(ids -> isAny(workspace, digest, ids)));
  }

  private Future<Boolean> isAny(Workspace workspace, String digest, List<Conversation.Id> ids) {
    return ids.isEmpty()
        ? Future.succeededFuture(false)
        : conversations
            .find(workspace, ids.get(0))
            .map(
                found -> found != null && found.conversation().contact().identity().equals(digest));
  }

  private static boolean isOf(Conversation.Id id, List<String> identities) {
    return identities.stream().anyMatch(digest -> Identity.prefix(digest).equals(id.lane()));
  }

  private Future<@Nullable Erasure> commit(
      Workspace workspace,
      String customer,
      @Nullable Stored stored,
      List<String> identities,
      int tries) {
    RedisKeys keys = workspace.keys();
    Erasure erasure =
        new Erasure(
            customer,
            store.clock(workspace.id()).now(),
            identities,
            stored == null ? List.of() : stored.left());
    Key row = keys.customer(customer);
    Commit.Builder commit =
        Commit.of(workspace.id(), erasure.at(), Commit.Urgency.RELEASING)
            .guard(
                stored == null
                    ? new Guard.Absent(row, "v")
                    : new Guard.Equals(row, "v", stored.version()))
            .guard(new Guard.Absent(keys.erasures(), customer))
            .write(new Write.HashSet(keys.erasures(), customer, erasure.encode()))
            .write(
                new Write.SortedAdd(
                    keys.timers(),
                    timer(customer).member(),
                    erasure.at().plus(SUCCESSION).toEpochMilli()))
            .write(new Write.Delete(row));
    for (String identity : identities) {
      commit
          .write(new Write.Delete(keys.link(identity)))
          .write(new Write.Delete(keys.lookup(identity)));
    }
    if (stored != null) {
      commit
          .write(new Write.HashAdd(keys.gauges(), RedisKeys.CUSTOMERS, -1))
          .wake(CustomersInUse.TOPIC);
    }
    return store
        .commit(commit.build())
        .compose(
            result ->
                result instanceof CommitResult.Done
                    ? Future.succeededFuture(erasure)
                    : tries > 1
                        ? begin(workspace, customer, tries - 1)
                        : Future.failedFuture(
                            Customers.unavailable("busy", "the customer is changed all the time")));
  }

  private static Timer timer(String customer) {
    return new Timer(Timer.Kind.ERASURE, customer, 1);
  }

  /** Once per node at a time. */
  private Future<Void> run(Workspace workspace, Erasure erasure) {
    String name = workspace.id() + '/' + erasure.customer();
    Promise<Void> end = Promise.promise();
    Future<Void> present = underWay.putIfAbsent(name, end.future());
    if (present != null) {
      return present;
    }
    customers
        .tell(workspace, erasure.left())
        .compose(told -> round(workspace, erasure, new HashSet<>()))
        .compose(over -> done(workspace, erasure))
        .onComplete(
            over -> {
              underWay.remove(name);
              end.handle(over);
            });
    return end.future();
  }

  /** Until nothing is found that was not looked at. */
  private Future<Void> round(Workspace workspace, Erasure erasure, Set<Conversation.Id> seen) {
    return index
        .find(workspace, id -> isOf(id, erasure.identities()) && !seen.contains(id), ROUND)
        .compose(
            ids -> {
              if (ids.isEmpty()) {
                return Future.succeededFuture();
              }
              seen.addAll(ids);
              return eraser
                  .erase(workspace, erasure, ids)
                  .compose(over -> round(workspace, erasure, seen));
            });
  }

  private Future<Void> done(Workspace workspace, Erasure erasure) {
    RedisKeys keys = workspace.keys();
    Commit.Builder commit =
        Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
            .write(new Write.HashDelete(keys.erasures(), erasure.customer()))
            .write(new Write.SortedRemove(keys.timers(), timer(erasure.customer()).member()));
    return store
        .commit(commit.build())
        .compose(
            result ->
                result instanceof CommitResult.Done
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Customers.unavailable("busy", "the erasure could not be ended")));
  }
}
