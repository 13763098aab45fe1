// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.conversation.ConversationCodec;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Customers as operators tell them: who is linked, with which tier. Links are explicit: nothing is
 * ever joined by itself, and an identity belongs to one customer at most.
 *
 * <ol>
 *   <li>A change ends when every open conversation of the customer knows it; repeated, it changes
 *       nothing more.
 *   <li>Futures fail with {@code GatewayException}: CONFLICT when an identity belongs to another
 *       customer, OVER_CAPACITY past {@link #MOST}.
 * </ol>
 */
public final class Customers {

  /** Customers of a workspace at most; about 0.5 KB each with one identity. */
  public static final int MOST = 1_000_000;

  private static final int TRIES = 16;

  /**
   * A node that has not heard of the first customer yet may open a conversation without looking: as
   * long as its knowledge lasts, and a commit may take.
   */
  private static final Duration AGAIN = CustomersInUse.FRESH.plusSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Customers.class);

  private final Store store;
  private final ConversationCodec codec;
  private final Scheduler scheduler;
  private final CustomerSweep sweep;

  public Customers(
      Store store,
      ConversationCodec codec,
      ConversationService conversations,
      Scheduler scheduler) {
    this.store = store;
    this.codec = codec;
    this.scheduler = scheduler;
    this.sweep = new CustomerSweep(store, codec, conversations);
  }

  /** What was told of a customer, or null. */
  public Future<@Nullable CustomerRow> find(Workspace workspace, String id) {
    return read(workspace, id).map(found -> found == null ? null : found.row());
  }

  /**
   * Puts a customer in the place of what was told before. Without a tier it gets the highest one
   * that the open conversations of its identities have of themselves.
   */
  public Future<CustomerRow> put(Workspace workspace, CustomerRow wanted) {
    return put(workspace, wanted, TRIES).recover(Customers::told);
  }

  /**
   * A row and the version it was read at.
   *
   * @param left digests of identities that were unlinked and whose conversations may not know yet
   */
  record Stored(CustomerRow row, String version, List<String> left) {
    Stored {
      left = List.copyOf(left);
    }
  }

  Future<@Nullable Stored> read(Workspace workspace, String id) {
    return store
        .hashAll(workspace.keys().customer(id))
        .map(
            row -> {
              String state = row.get("s");
              return state == null
                  ? null
                  : new Stored(
                      CustomerRow.decode(id, state),
                      Objects.requireNonNull(row.get("v")),
                      split(row.getOrDefault("l", "")));
            });
  }

  private static List<String> split(String words) {
    return words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
  }

  /** What a decision starts from. */
  private record Before(
      @Nullable Stored present, Map<String, @Nullable String> links, boolean first) {

    List<String> unlinked(CustomerRow next) {
      List<String> unlinked =
          new ArrayList<>(present == null ? List.of() : present.row().digests());
      unlinked.removeAll(next.digests());
      return unlinked;
    }

    /** Those of this change, and of one before whose end nobody saw. */
    List<String> left(CustomerRow next) {
      Set<String> left = new LinkedHashSet<>(unlinked(next));
      left.addAll(present == null ? List.of() : present.left());
      next.digests().forEach(left::remove);
      return List.copyOf(left);
    }

    String version() {
      return present == null ? "1" : Long.toString(Long.parseLong(present.version()) + 1);
    }
  }

  private Future<CustomerRow> put(Workspace workspace, CustomerRow wanted, int tries) {
    return before(workspace, wanted)
        .compose(
            before -> {
              check(wanted, before);
              return tier(workspace, wanted)
                  .compose(
                      next ->
                          store
                              .commit(commit(workspace, next, before))
                              .compose(done -> concluded(workspace, next, before, done, tries)));
            });
  }

  private Future<Before> before(Workspace workspace, CustomerRow wanted) {
    Future<@Nullable Stored> present = read(workspace, wanted.id());
    Future<@Nullable String> erasing = store.hashGet(workspace.keys().erasures(), wanted.id());
    Future<@Nullable String> count = store.hashGet(workspace.keys().gauges(), RedisKeys.CUSTOMERS);
    Map<String, @Nullable String> links = new LinkedHashMap<>();
    List<Future<?>> reads = new ArrayList<>(List.of(present, erasing, count));
    for (String identity : wanted.digests()) {
      reads.add(
          store.get(workspace.keys().link(identity)).onSuccess(link -> links.put(identity, link)));
    }
    return Future.all(reads)
        .map(
            done -> {
              if (erasing.result() != null) {
                throw conflict("erasing", "the customer is being erased");
              }
              String known = count.result();
              return new Before(
                  present.result(), links, known == null || Long.parseLong(known) <= 0);
            });
  }

  private void check(CustomerRow wanted, Before before) {
    before
        .links()
        .forEach(
            (identity, link) -> {
              String owner = link == null ? null : codec.customer(link).id();
              if (owner != null && !owner.equals(wanted.id())) {
                throw conflict(
                    "identity-linked",
                    "an identity belongs to customer '"
                        + owner
                        + "', expected it to be put there"
                        + " without that identity first");
              }
            });
  }

  private Future<CustomerRow> tier(Workspace workspace, CustomerRow wanted) {
    if (wanted.tier() != null) {
      return Future.succeededFuture(wanted);
    }
    return sweep
        .open(workspace, wanted.digests())
        .map(
            open -> {
              List<String> tiers = new ArrayList<>();
              for (Snapshot snapshot : open) {
                String own = ownTier(snapshot.conversation());
                if (own != null) {
                  tiers.add(own);
                }
              }
              return wanted.withTier(Tiers.highest(workspace.config().customers(), tiers));
            });
  }

  /** The tier it has whatever was told of a linked customer. */
  private static @Nullable String ownTier(Conversation conversation) {
    return conversation.customer() != null && conversation.customer().id() != null
        ? conversation.tier()
        : conversation.customerTier();
  }

  private Commit commit(Workspace workspace, CustomerRow next, Before before) {
    RedisKeys keys = workspace.keys();
    Key row = keys.customer(next.id());
    Commit.Builder commit =
        Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING);
    Stored present = before.present();
    commit
        .guard(
            present == null
                ? new Guard.Absent(row, "v")
                : new Guard.Equals(row, "v", present.version()))
        .guard(new Guard.Absent(keys.erasures(), next.id()));
    before
        .links()
        .forEach(
            (identity, link) ->
                commit.guard(
                    link == null
                        ? new Guard.Absent(keys.link(identity), null)
                        : new Guard.Equals(keys.link(identity), null, link)));
    if (present == null) {
      commit
          .guard(new Guard.Within(keys.gauges(), RedisKeys.CUSTOMERS, 1, MOST))
          .write(new Write.HashAdd(keys.gauges(), RedisKeys.CUSTOMERS, 1));
    }
    commit
        .write(new Write.HashSet(row, "v", before.version()))
        .write(new Write.HashSet(row, "s", next.encode()));
    List<String> left = before.left(next);
    if (left.isEmpty()) {
      commit.write(new Write.HashDelete(row, "l"));
    } else {
      commit.write(new Write.HashSet(row, "l", String.join(" ", left)));
    }
    String told = codec.encode(next.customer());
    next.digests().forEach(one -> commit.write(new Write.Set(keys.link(one), told, 0)));
    before.unlinked(next).forEach(one -> commit.write(new Write.Delete(keys.link(one))));
    if (before.first()) {
      commit.wake(CustomersInUse.TOPIC);
    }
    return commit.build();
  }

  private Future<CustomerRow> concluded(
      Workspace workspace, CustomerRow next, Before before, CommitResult result, int tries) {
    if (result instanceof CommitResult.Done) {
      Set<String> touched = new LinkedHashSet<>(next.digests());
      touched.addAll(before.left(next));
      if (before.first()) {
        later(workspace, touched);
      }
      return sweep
          .sweep(workspace, touched)
          .compose(
              told ->
                  before.left(next).isEmpty()
                      ? Future.succeededFuture(next)
                      : store.commit(allKnow(workspace, next, before)).map(next));
    }
    if (result instanceof CommitResult.Conflict conflict
        && conflict.guard() instanceof Guard.Within) {
      throw new GatewayException(
          GatewayException.Kind.OVER_CAPACITY,
          "too-many-customers",
          "the workspace has " + MOST + " customers, its bound");
    }
    return tries > 1
        ? put(workspace, next, tries - 1)
        : Future.failedFuture(unavailable("busy", "the customer is changed all the time"));
  }

  /** Void when the customer was changed meanwhile: that change tells them again. */
  private Commit allKnow(Workspace workspace, CustomerRow next, Before before) {
    Key row = workspace.keys().customer(next.id());
    return Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
        .guard(new Guard.Equals(row, "v", before.version()))
        .write(new Write.HashDelete(row, "l"))
        .build();
  }

  /** Tells the open conversations of identities what is known of their customer now. */
  Future<Void> tell(Workspace workspace, List<String> identities) {
    return sweep.sweep(workspace, identities);
  }

  private void later(Workspace workspace, Set<String> identities) {
    scheduler.after(
        AGAIN,
        () ->
            sweep
                .sweep(workspace, identities)
                .onFailure(
                    failure ->
                        LOG.atWarn()
                            .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                            .setCause(failure)
                            .log("Conversations that opened with the first customer not told")));
  }

  static GatewayException conflict(String code, String message) {
    return new GatewayException(GatewayException.Kind.CONFLICT, code, message);
  }

  static GatewayException unavailable(String code, String message) {
    return new GatewayException(GatewayException.Kind.UNAVAILABLE, code, message);
  }

  static <T> Future<T> told(Throwable failure) {
    return Future.failedFuture(
        failure instanceof StoreUnavailableException
            ? unavailable("store-unavailable", "the store does not answer")
            : failure);
  }
}
