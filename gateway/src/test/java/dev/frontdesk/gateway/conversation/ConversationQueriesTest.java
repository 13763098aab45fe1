// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.conversation.ConversationQueries.Listed;
import dev.frontdesk.gateway.conversation.ConversationQueries.Position;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.Hands;
import dev.frontdesk.gateway.domain.SendWindow;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.domain.routing.Fifo;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists against a naive model: all sorted, filtered, cut. */
class ConversationQueriesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");
  private static final RedisKeys KEYS = new RedisKeys("acme");

  private final InMemoryStore store = new InMemoryStore(() -> NOW);
  private final Map<Conversation.Id, Conversation> all = new HashMap<>();
  private final Workspace workspace =
      new Workspace("acme", null, null, (ConversationRules) null, Map.of(), new Fifo(), KEYS);
  private final ConversationQueries queries =
      new ConversationQueries(store, new JsonCodec(), (at, id) -> find(id));
  private int loads;

  private Future<@Nullable Snapshot> find(Conversation.Id id) {
    loads++;
    Conversation found = all.get(id);
    return Future.succeededFuture(found == null ? null : new Snapshot(found, 1));
  }

  private void open(String id, Instant at, String queue, boolean indexedOnly) {
    if (!indexedOnly) {
      all.put(new Conversation.Id(id), conversation(id, at, queue));
    }
    assertThat(
            store
                .commit(
                    Commit.of("acme", NOW, Commit.Urgency.RELEASING)
                        .write(new Write.SortedAdd(KEYS.index(), id, (double) at.toEpochMilli()))
                        .build())
                .succeeded())
        .isTrue();
  }

  private static Conversation conversation(String id, Instant at, String queue) {
    return conversation(id, at, queue, new ContactKey("hook", id, null));
  }

  private static Conversation conversation(
      String id, Instant at, String queue, ContactKey contact) {
    return new Conversation(
        new Conversation.Id(id),
        contact,
        "webhook",
        null,
        null,
        Conversation.Stage.WAITING,
        null,
        0,
        new Triage(queue, "normal", 5, Map.of(), null, null, null, List.of()),
        null,
        Map.of(),
        null,
        null,
        1,
        "",
        at,
        at,
        at,
        at,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        SendWindow.UNLIMITED,
        Map.of(),
        0,
        Map.of(),
        List.of(),
        List.of(),
        false,
        true,
        false,
        false,
        null,
        Hands.NONE,
        null);
  }

  private List<String> pages(String queue, int limit) {
    List<String> ids = new ArrayList<>();
    Position at = null;
    do {
      Listed page =
          queries.list(workspace, c -> c.triage().queue().equals(queue), at, limit).result();
      assertThat(page.conversations().size()).isLessThanOrEqualTo(limit);
      page.conversations().forEach(found -> ids.add(found.conversation().id().value()));
      assertThat(page.next()).as("the list goes on").isNotEqualTo(at == null ? "" : at);
      at = page.next() == null ? null : Position.parse(page.next().toString());
    } while (at != null);
    return ids;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void pages_areTheNaiveList(long seed) {
    Random random = new Random(seed);
    int number = random.nextInt(1_500);
    int spread = 1 + random.nextInt(1_000);
    for (int i = 0; i < number; i++) {
      String queue = random.nextInt(10) == 0 ? "vip" : "support";
      open(
          Long.toString(random.nextLong() & Long.MAX_VALUE, 36) + i,
          NOW.plusMillis(random.nextInt(spread)),
          queue,
          random.nextInt(20) == 0);
    }
    for (String queue : List.of("vip", "support")) {
      List<String> naive =
          all.values().stream()
              .filter(c -> c.triage().queue().equals(queue))
              .sorted(
                  Comparator.comparing(Conversation::openedAt)
                      .reversed()
                      .thenComparing(c -> c.id().value()))
              .map(c -> c.id().value())
              .toList();

      assertThat(pages(queue, 1 + random.nextInt(200))).as("seed " + seed).isEqualTo(naive);
    }
  }

  @Test
  void page_looksAtABoundedNumber() {
    for (int i = 0; i < 3 * ConversationQueries.MAX_SCANNED; i++) {
      open("c" + i, NOW.plusMillis(i), "support", false);
    }

    Listed page = queries.list(workspace, c -> false, null, 50).result();

    assertThat(page.conversations()).isEmpty();
    assertThat(page.next()).isNotNull();
    assertThat(loads).isEqualTo(ConversationQueries.MAX_SCANNED);
  }

  /** Each identity's ids begin as its digest does, with and without a thread. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void pagesOfIdentities_areTheNaiveList_andLoadNoOthers(long seed) {
    Random random = new Random(seed);
    int number = 500 + random.nextInt(8_000);
    for (int i = 0; i < number; i++) {
      ContactKey contact =
          new ContactKey("hook", "u" + random.nextInt(60), random.nextBoolean() ? null : "t" + i);
      String id = contact.identity().substring(0, 8) + i;
      Instant at = NOW.plusMillis(random.nextInt(2_000));
      open(id, at, "support", true);
      all.put(new Conversation.Id(id), conversation(id, at, "support", contact));
    }
    Set<String> asked =
        Set.of(
            new ContactKey("hook", "u1", null).digest(),
            new ContactKey("hook", "u7", null).digest(),
            new ContactKey("hook", "nobody", null).digest());
    List<String> naive =
        all.values().stream()
            .filter(c -> asked.contains(c.contact().identity()))
            .sorted(
                Comparator.comparing(Conversation::openedAt)
                    .reversed()
                    .thenComparing(c -> c.id().value()))
            .map(c -> c.id().value())
            .toList();

    List<String> listed = new ArrayList<>();
    Position at = null;
    int pages = 0;
    do {
      Listed page = queries.list(workspace, asked, c -> true, at, 37).result();
      page.conversations().forEach(found -> listed.add(found.conversation().id().value()));
      at = page.next();
      pages++;
    } while (at != null);

    assertThat(listed).as("seed " + seed).isEqualTo(naive);
    assertThat(loads).as("seed " + seed).isLessThanOrEqualTo(naive.size() + 64 * pages);
  }

  @Test
  void cursor_ofSomebodyElse() {
    for (String cursor : List.of("", "x", "1", "1.", ".a", "a.b", "99999999999999999999.a")) {
      assertThatThrownBy(() -> Position.parse(cursor))
          .as(cursor)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
