// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.desk.KnownCustomers;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.event.EventLetterBox;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What customers cost where there are none, and what they change where there are. */
class CustomersInUseTest {

  private final ChatDesk desk = new ChatDesk();
  private final CustomersInUse inUse =
      new CustomersInUse(desk.store, () -> desk.time.now().toEpochMilli() * 1_000_000);
  private final ConversationService node =
      new ConversationService(
          desk.store,
          new JsonCodec(),
          desk.time,
          new Random(1),
          desk.metrics,
          100,
          new KnownCustomers(inUse));
  private final Customers customers = new Customers(desk.store, new JsonCodec(), node, desk.time);
  private final CustomerErasures erasures =
      new CustomerErasures(
          desk.store,
          customers,
          node,
          new ConversationEraser(
              desk.store,
              node,
              new DeadLetterBox(desk.store, node),
              new EventLetterBox(desk.store)));
  private int keys;

  private Conversation opens(String contact) {
    Received stored =
        Desk.now(
                node.receive(
                    WORKSPACE,
                    new ContactKey("chat", contact, null),
                    List.of(
                        InboundEvent.Received.of(
                            "k" + ++keys,
                            new ContactRef(contact, null, null),
                            desk.time.now(),
                            new MessageContent.Text("hello")))))
            .get(0);
    return Objects.requireNonNull(
            Desk.now(node.find(WORKSPACE, Objects.requireNonNull(stored.conversation()))))
        .conversation();
  }

  private void put(String id, String contact) {
    Desk.now(
        customers.put(
            WORKSPACE,
            new CustomerRow(id, "Uma", "gold", Map.of(), List.of(new Identity("chat", contact)))));
  }

  @Test
  void openingsOfAWorkspaceWithoutCustomers_costNeitherLoadNorRow() {
    assertThat(inUse.in(WORKSPACE)).as("not known yet").isTrue();
    long loads = desk.store.loads();
    int rows = desk.store.keys();
    ChatDesk plain = new ChatDesk();
    ConversationService without = plain.node();

    for (int i = 0; i < 200; i++) {
      desk.time.advance(java.time.Duration.ofMillis(100));
      ContactKey contact = new ContactKey("chat", "u" + i, null);
      List<InboundEvent> message =
          List.of(
              InboundEvent.Received.of(
                  "m" + i,
                  new ContactRef("u" + i, null, null),
                  desk.time.now(),
                  new MessageContent.Text("hello")));
      Desk.now(node.receive(WORKSPACE, contact, message));
      Desk.now(without.receive(WORKSPACE, contact, message));
    }

    assertThat(desk.store.loads() - loads).isEqualTo(plain.store.loads());
    assertThat(desk.store.keys() - rows).isEqualTo(plain.store.keys());
    assertThat(desk.store.commits()).isEqualTo(plain.store.commits());
  }

  @Test
  void firstCustomer_isKnownAtOnce_andTheLastOnesEndToo() {
    assertThat(inUse.in(WORKSPACE)).isTrue();
    assertThat(inUse.in(WORKSPACE)).isFalse();

    put("c-1", "u1");

    assertThat(inUse.in(WORKSPACE)).isTrue();
    assertThat(opens("u1").customerTier()).isEqualTo("gold");
    assertThat(opens("u2").customerTier()).isNull();

    Desk.now(Objects.requireNonNull(Desk.now(erasures.erase(WORKSPACE, "c-1"))));
    assertThat(inUse.in(WORKSPACE)).isFalse();
    Conversation next = opens("u1");
    assertThat(next.customerTier()).isNull();
    assertThat(next.lastSeq()).isEqualTo(1);
  }

  @Test
  void linkThatChangesBetweenReadingAndCommitting_isReadAgain() {
    put("c-1", "u1");
    desk.store.faults(
        new dev.frontdesk.gateway.store.memory.CommitFaults() {
          private boolean done;

          @Override
          public Fault at(long number, dev.frontdesk.gateway.store.Commit commit) {
            boolean opening = commit.urgency() == dev.frontdesk.gateway.store.Commit.Urgency.INTAKE;
            if (opening && !done) {
              done = true;
              Desk.now(
                  customers.put(
                      WORKSPACE,
                      new CustomerRow(
                          "c-1", "Uma", "silver", Map.of(), List.of(new Identity("chat", "u1")))));
            }
            return Fault.NONE;
          }
        });

    assertThat(opens("u1").customerTier()).isEqualTo("silver");
  }
}
