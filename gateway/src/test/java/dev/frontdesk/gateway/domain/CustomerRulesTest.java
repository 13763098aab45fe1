// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.NORMAL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.URGENT;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CustomerRulesTest {

  private static Customer customer(@Nullable String tier) {
    return new Customer("c-1", "Uma", tier, Map.of());
  }

  private static ConversationEvent told(@Nullable Customer customer) {
    return new ConversationEvent.CustomerChanged(
        customer, List.of(new MessageContent.Text("hello")));
  }

  @Test
  void higherTier_raisesWhatWaits_once() {
    Desk desk = Desk.mail("hello").after(seconds(1));

    desk.on(told(customer("gold")));

    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(seconds(1)).plus(URGENT));
    assertThat(desk.state.customerTier()).isEqualTo("gold");
    desk.after(seconds(1)).on(told(customer("gold")));
    assertThat(desk.last.effects()).isEmpty();
  }

  @Test
  void higherTier_tellsWhoeverHasIt_whoKeepsItAndItsQueue() {
    Desk desk = Desk.assigned().after(seconds(1));
    long epoch = desk.state.epoch();

    desk.on(
        new ConversationEvent.CustomerChanged(
            customer("gold"), List.of(new MessageContent.Text("refund"))));

    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);
    assertThat(desk.state.epoch()).isEqualTo(epoch);
    assertThat(desk.state.triage().queue()).isEqualTo("support");
    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
    assertThat(desk.effects(Effect.InboxRow.class))
        .contains(
            new Effect.InboxRow(DeskTerms.ALICE, Effect.InboxRow.Change.UPDATED, 0, "customer"));
  }

  @Test
  void lowerTier_takesNothingBack_andABreachStays() {
    Desk desk = Desk.mail("hello");
    desk.on(told(customer("gold")));
    desk.after(URGENT.plusMillis(1)).on(told(customer("none")));

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.BREACHED);
    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
    assertThat(desk.state.customerTier()).isEqualTo("none");

    desk.on(told(null));
    assertThat(desk.state.customerTier()).isNull();
    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
  }

  @Test
  void tierOfTheOperator_winsOverThePlatforms_whichCountsAgainAfterTheSplit() {
    Desk desk =
        Desk.of(
            DeskTerms.MAIL,
            dev.frontdesk.connector.InboundEvent.Received.of(
                "m1",
                new dev.frontdesk.connector.ContactRef("u1", "Uma", "silver"),
                T0,
                new MessageContent.Text("hello")));
    assertThat(desk.state.customerTier()).isEqualTo("silver");

    desk.on(told(customer("gold")));
    assertThat(desk.state.customerTier()).isEqualTo("gold");
    desk.on(told(customer(null)));
    assertThat(desk.state.customerTier()).isEqualTo("silver");
    desk.on(told(null));
    assertThat(desk.state.customerTier()).isEqualTo("silver");
    assertThat(desk.state.tier()).isEqualTo("silver");
  }

  @Test
  void laterMessage_isTriagedWithWhatIsKnown() {
    List<Triage.Subject> seen = new ArrayList<>();
    Terms plain = DeskTerms.terms();
    Terms watching =
        new Terms(
            plain.promises(),
            plain.channels(),
            plain.queues(),
            plain.skills(),
            subject -> {
              seen.add(subject);
              return plain.triage().classify(subject);
            },
            plain.defaultQueue(),
            plain.defaultPromise(),
            plain.declineBackoff(),
            plain.reopenWindow(),
            plain.retention(),
            plain.maxMessages());
    Desk desk = Desk.of(watching, DeskTerms.MAIL, DeskTerms.says("m1", "hello", T0));
    desk.on(told(new Customer("c-1", "Uma", "silver", Map.of("region", "north"))));
    seen.clear();

    desk.after(seconds(1)).customer("m2", "hello again");

    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).tier()).isEqualTo("silver");
    assertThat(seen.get(0).attributes()).containsExactly(Map.entry("region", "north"));
  }

  @Test
  void opening_withACustomer_isTriagedWithIt() {
    Customer gold = customer("gold");

    Transition opened =
        DeskTerms.rules()
            .open(
                DeskTerms.ID,
                DeskTerms.MAIL,
                DeskTerms.says("m1", "hello", T0),
                new Surroundings(null, null, null, gold, null, null),
                T0);

    assertThat(opened.next().triage().promise()).isEqualTo("urgent");
    assertThat(opened.next().customer()).isEqualTo(gold);
  }

  @Test
  void closing_givesEverythingBack_whateverTheState() {
    for (Desk desk :
        List.of(
            Desk.mail("hello"),
            Desk.chat("hello"),
            Desk.mail("hello").offered(DeskTerms.ALICE),
            Desk.assigned(),
            Desk.assigned().answered(),
            Desk.assigned().answered().resolved())) {
      desk.after(NORMAL.dividedBy(2)).on(new ConversationEvent.Close());

      assertThat(desk.state.stage()).isEqualTo(Stage.CLOSED);
      assertThat(desk.state.owner()).isNull();
      assertThat(desk.state.load()).isNull();
      assertThat(desk.state.outbox()).isEmpty();
      assertThat(desk.state.armed().keySet()).containsExactly(Timer.Kind.RETENTION);
      assertThat(desk.effects(Effect.PointerCleared.class)).hasSize(1);
      desk.on(new ConversationEvent.Close());
      assertThat(desk.last.effects()).isEmpty();

      desk.on(new ConversationEvent.Erase());
      assertThat(desk.effects(Effect.Erased.class)).hasSize(1);
      assertThat(desk.state.armed()).isEmpty();
    }
  }

  @Test
  void closing_keepsNoName_andWhatFollowsAFullOneIsToldAgain() {
    Customer known = new Customer("c-1", "Uma", "gold", Map.of("region", "north"));
    Desk desk = Desk.assigned().answered();
    desk.on(told(known));
    desk.resolved();
    assertThat(desk.state.customer()).isEqualTo(known);

    desk.after(seconds(61)).fires(Timer.Kind.REOPEN_WINDOW);

    assertThat(desk.state.stage()).isEqualTo(Stage.CLOSED);
    assertThat(desk.state.customer()).isEqualTo(customer(null, "gold"));
    Transition next =
        DeskTerms.rules()
            .follow(
                DeskTerms.ID,
                desk.state,
                DeskTerms.says("m9", "more", desk.now),
                new Surroundings(null, null, null, known, null, null),
                desk.now);
    assertThat(next.next().customer()).isEqualTo(known);
  }

  private static Customer customer(@Nullable String name, String tier) {
    return new Customer("c-1", name, tier, Map.of());
  }

  @Test
  void erasing_whatIsOpen_isRefused() {
    Desk desk = Desk.assigned();

    desk.on(new ConversationEvent.Erase());

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void linkAndLookup_together_letTheLinkGoFirst() {
    Customer linked = new Customer("c-1", null, null, Map.of("a", "1"));
    Customer looked = new Customer(null, "Uma", "gold", Map.of("a", "2", "b", "3"));

    assertThat(Customer.of(linked, looked))
        .isEqualTo(new Customer("c-1", "Uma", "gold", Map.of("a", "1", "b", "3")));
    assertThat(Customer.of(null, looked)).isEqualTo(looked);
    assertThat(Customer.of(linked, null)).isEqualTo(linked);
    assertThat(Customer.of(null, null)).isNull();
  }
}
