// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static dev.frontdesk.gateway.desk.ChatDesk.receive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An edit that another node stores just between the load and the commit of its message. */
class EarlyEditTest {

  private final ChatDesk desk = new ChatDesk();

  private InboundEvent.Edited edit(int nth) {
    return new InboundEvent.Edited(
        "e" + nth, ChatDesk.CONTACT, null, desk.time.now().plusMillis(nth), "m", text(nth));
  }

  private static MessageContent.Text text(int nth) {
    return new MessageContent.Text("edit " + nth);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void edit_storedBetweenLoadAndCommitOfItsMessage_isNotLost(int before) {
    ConversationService one = desk.node();
    ConversationService other = desk.node();
    for (int i = 1; i <= before; i++) {
      assertThat(receive(other, edit(i)).kind()).isEqualTo(Received.Kind.PARKED);
    }
    boolean[] raced = new boolean[1];
    desk.store.faults(
        (number, commit) -> {
          if (!raced[0]) {
            raced[0] = true;
            assertThat(receive(other, edit(before + 1)).kind()).isEqualTo(Received.Kind.PARKED);
          }
          return CommitFaults.Fault.NONE;
        });

    Received stored = receive(one, desk.message("first"));

    Message message = Desk.now(one.messages(WORKSPACE, stored.conversation(), 1, 1)).get(0);
    assertThat(message.content()).isEqualTo(text(before + 1));
    assertThat(Desk.now(desk.store.hashAll(WORKSPACE.keys().parkedCount(digest())))).isEmpty();
  }

  @Test
  void edit_afterItsMessage_isApplied() {
    ConversationService node = desk.node();
    Received stored = receive(node, desk.message("first"));

    assertThat(receive(node, edit(1)).kind()).isEqualTo(Received.Kind.STORED);

    assertThat(Desk.now(node.messages(WORKSPACE, stored.conversation(), 1, 1)).get(0).content())
        .isEqualTo(text(1));
  }

  private static String digest() {
    return EffectWriter.digest("chat", "m");
  }
}
