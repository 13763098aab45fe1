// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static dev.frontdesk.gateway.desk.ChatDesk.receive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Store;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node remembers saves loads and never changes what is stored. */
class CommittedConversationsTest {

  private final ChatDesk desk = new ChatDesk();

  @Test
  void oneNode_storesWithoutALoad() {
    ConversationService node = desk.node();

    Received first = receive(node, desk.message("a", "hello"));
    Received second = receive(node, desk.message("b", "anybody there?"));

    assertThat(desk.store.loads()).isZero();
    assertThat(second.conversation()).isEqualTo(first.conversation());
    assertThat(second.seq()).isEqualTo(2);
    assertThat(recalled("new")).isOne();
    assertThat(recalled("held")).isOne();
  }

  @Test
  void duplicate_isFoundByTheGuard_andAnsweredByALoad() {
    ConversationService node = desk.node();
    Received first = receive(node, desk.message("a", "hello"));
    desk.time.advance(Duration.ofDays(7));

    Received again = receive(node, desk.message("a", "hello"));

    assertThat(again).isEqualTo(new Received(Received.Kind.DUPLICATE, first.conversation(), 1));
    assertThat(desk.store.loads()).isOne();
    assertThat(recalled("stale")).isOne();
  }

  @Test
  void storeThatWasAway_isReadAgain() {
    ConversationService node = desk.node();
    receive(node, desk.message("a", "hello"));
    Commit.Builder missed =
        Commit.of(WORKSPACE.id(), desk.time.now(), Commit.Urgency.RELEASING).wake("*");
    assertThat(Desk.now(desk.store.commit(missed.build()))).isInstanceOf(CommitResult.Done.class);

    Received second = receive(node, desk.message("b", "anybody there?"));

    assertThat(second.seq()).isEqualTo(2);
    assertThat(desk.store.loads()).isOne();
  }

  @Test
  void anotherNodesMessage_isNotOverwritten() {
    ConversationService one = desk.node();
    ConversationService other = desk.node();
    receive(one, desk.message("a", "hello"));
    receive(other, desk.message("b", "on another node"));

    Received third = receive(one, desk.message("c", "back again"));

    assertThat(third.seq()).isEqualTo(3);
    assertThat(texts(one, third)).containsExactly("hello", "on another node", "back again");
  }

  /** Another server may have the same version with other contents, and no guard would show it. */
  @Test
  void storeThatMayBeAnother_isReadAgain() {
    ConversationService node = desk.node();
    receive(node, desk.message("a", "hello"));
    desk.store.breakConnection();

    Received second = receive(node, desk.message("b", "anybody there?"));
    Received third = receive(node, desk.message("c", "still me"));

    assertThat(second.seq()).isEqualTo(2);
    assertThat(third.seq()).isEqualTo(3);
    assertThat(desk.store.loads()).isOne();
  }

  /** What was read from one server and committed to the next is not remembered. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connectionThatBreaksAfterALoad_isReadAgain(boolean byACommand) {
    ConversationService other = desk.node();
    Received first = receive(other, desk.message("a", "hello"));
    AtomicBoolean breaks = new AtomicBoolean(true);
    ConversationService node =
        new ConversationService(
            afterLoads(
                () -> {
                  if (breaks.getAndSet(false)) {
                    desk.store.breakConnection();
                  }
                }),
            new JsonCodec(),
            desk.time,
            new Random(1),
            desk.metrics,
            100);
    if (byACommand) {
      ConversationEvent reply =
          new ConversationEvent.Reply(
              Author.SYSTEM, 0, List.of(new MessageContent.Text("welcome")), null);
      assertThat(Desk.now(node.apply(WORKSPACE, first.conversation(), reply, null)))
          .isInstanceOf(Outcome.Applied.class);
    } else {
      assertThat(receive(node, desk.message("b", "on another node")).seq()).isEqualTo(2);
    }
    assertThat(breaks).isFalse();
    long loads = desk.store.loads();

    Received third = receive(node, desk.message("c", "back again"));

    assertThat(third.seq()).isEqualTo(3);
    assertThat(desk.store.loads()).isEqualTo(loads + 1);
  }

  /** The store, and something that happens between a load's answer and whoever hears it. */
  private Store afterLoads(Runnable meanwhile) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(desk.store, arguments);
              if (method.getName().equals("load")) {
                meanwhile.run();
              }
              return result;
            });
  }

  /** The node that holds the lease closes and erases; the others heard the customers. */
  @Test
  void closedByAnotherNode_isRememberedNowhere() {
    ConversationService one = desk.node();
    ConversationService other = desk.node();
    Received first = receive(one, desk.message("a", "hello"));
    assertThat(one.remembered()).isOne();

    Outcome closed =
        Desk.now(other.apply(WORKSPACE, first.conversation(), new ConversationEvent.Close(), null));

    assertThat(closed).isInstanceOf(Outcome.Applied.class);
    assertThat(one.remembered()).isZero();
    assertThat(other.remembered()).isZero();
    Received next = receive(one, desk.message("b", "are you there?"));
    assertThat(next.conversation()).isNotEqualTo(first.conversation());
    assertThat(next.seq()).isOne();
  }

  /** Whoever's turn it is, the platform repeats at will: one conversation, each message once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nodesTakingTurns_storeEachMessageOnce_inOrder(long seed) {
    Random random = new Random(seed);
    List<ConversationService> nodes = List.of(desk.node(), desk.node(), desk.node());
    List<String> sent = new ArrayList<>();
    Received last = receive(nodes.get(0), desk.message("0", "0"));
    sent.add("0");
    for (int n = 1; n < 300; n++) {
      ConversationService node = nodes.get(random.nextInt(nodes.size()));
      boolean repeat = random.nextInt(4) == 0;
      String key = repeat ? sent.get(random.nextInt(sent.size())) : Integer.toString(n);
      Received result = receive(node, desk.message(key, key));
      assertThat(result.kind())
          .as("seed " + seed + " step " + n)
          .isEqualTo(repeat ? Received.Kind.DUPLICATE : Received.Kind.STORED);
      if (!repeat) {
        sent.add(key);
      }
      desk.time.advance(Duration.ofMillis(random.nextInt(50)));
    }

    assertThat(texts(nodes.get(0), last)).isEqualTo(sent);
    assertThat(recalled("loaded")).isPositive();
    assertThat(recalled("stale") + recalled("loaded")).isEqualTo(desk.store.loads());
  }

  private long recalled(String outcome) {
    return (long)
        desk.metrics
            .registry()
            .counter(
                "frontdesk_conversation_memory", "workspace", WORKSPACE.id(), "outcome", outcome)
            .count();
  }

  private static List<String> texts(ConversationService node, Received at) {
    List<Message> all = Desk.now(node.messages(WORKSPACE, at.conversation(), 1, 1_000));
    return all.stream().map(message -> message.content().text()).toList();
  }
}
