// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static dev.frontdesk.gateway.desk.ChatDesk.receive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An edit that another node stores just between the load and the commit of its message. */
class EarlyEditTest {

  private final ChatDesk desk = new ChatDesk();

  private InboundEvent.Edited edit(int nth) {
    return edit("m", nth);
  }

  private InboundEvent.Edited edit(String target, int nth) {
    return new InboundEvent.Edited(
        target + "e" + nth,
        ChatDesk.CONTACT,
        null,
        desk.time.now().plusMillis(nth),
        target,
        text(nth));
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

  /** As often as a store that is away lets it be tried: it must not push out what waits already. */
  @Test
  void edit_thatIsRepeated_waitsOnce() {
    ConversationService node = desk.node();
    receive(node, new InboundEvent.Deleted("d", ChatDesk.CONTACT, null, desk.time.now(), "m"));
    for (int i = 0; i <= RedisKeys.MAX_PARKED; i++) {
      assertThat(receive(node, edit(1)).kind()).isEqualTo(Received.Kind.PARKED);
    }

    Received stored = receive(node, desk.message("first"));

    assertThat(Desk.now(node.messages(WORKSPACE, stored.conversation(), 1, 1)).get(0).deleted())
        .isTrue();
  }

  @Test
  void edit_afterItsMessage_isApplied() {
    ConversationService node = desk.node();
    Received stored = receive(node, desk.message("first"));

    assertThat(receive(node, edit(1)).kind()).isEqualTo(Received.Kind.STORED);

    assertThat(Desk.now(node.messages(WORKSPACE, stored.conversation(), 1, 1)).get(0).content())
        .isEqualTo(text(1));
  }

  @Test
  void batchWithAllTheEditsThatMayWait_isStoredInParts() {
    ConversationService node = desk.node();
    List<InboundEvent> batch = new ArrayList<>();
    for (int i = 0; i < ConversationService.MAX_BATCH; i++) {
      String key = "m" + i;
      batch.add(desk.message(key, "first " + i));
      for (int nth = 1; nth <= RedisKeys.MAX_PARKED; nth++) {
        assertThat(receive(node, edit(key, nth)).kind()).isEqualTo(Received.Kind.PARKED);
      }
    }
    List<Future<List<Received>>> together = new ArrayList<>();
    desk.store.faults(
        (number, commit) -> {
          if (together.isEmpty()) { // what arrives while a commit is under way waits as one batch
            together.add(node.receive(WORKSPACE, ChatDesk.KEY, batch));
          }
          return CommitFaults.Fault.NONE;
        });

    receive(node, desk.message("before", "before"));

    List<Received> stored = Desk.now(together.get(0));
    assertThat(stored).extracting(Received::kind).containsOnly(Received.Kind.STORED);
    assertThat(stored)
        .extracting(Received::seq)
        .containsExactlyElementsOf(IntStream.range(2, batch.size() + 2).boxed().toList());
    assertThat(
            Desk.now(node.messages(WORKSPACE, stored.get(0).conversation(), 2, batch.size() + 1)))
        .hasSize(batch.size())
        .extracting(Message::content)
        .containsOnly(text(RedisKeys.MAX_PARKED));
  }

  private static String digest() {
    return EffectWriter.digest("chat", "m");
  }

  private static final Timer ORPHANS = new Orphans("chat", digest()).timer();

  /** They used to vanish after ten minutes. */
  @Test
  void scenario21_orphans_areToldOnce_inTheContactsConversation_andStartNoClock() {
    ConversationService node = desk.node();
    Received open = receive(node, desk.message("other", "hello"));
    Conversation before = Desk.now(node.find(WORKSPACE, open.conversation())).conversation();
    receive(node, edit(1));
    receive(node, new InboundEvent.Deleted("d", ChatDesk.CONTACT, null, desk.time.now(), "m"));
    assertThat(due()).isEqualTo(desk.time.now().plus(EffectWriter.PARKED_TTL).toEpochMilli());

    Surfaced surfaced = Desk.now(node.surface(WORKSPACE, ORPHANS));

    assertThat(surfaced.conversation()).isEqualTo(open.conversation());
    assertThat(surfaced.events()).extracting(InboundEvent::key).containsExactly("me1", "d");
    Conversation after = Desk.now(node.find(WORKSPACE, open.conversation())).conversation();
    assertThat(after.clock()).isEqualTo(before.clock());
    assertThat(after.preview()).isEqualTo("hello");
    Message note = Desk.now(node.messages(WORKSPACE, open.conversation(), 2, 2)).get(0);
    assertThat(note.direction()).isEqualTo(Message.Direction.NOTE);
    assertThat(note.content()).isEqualTo(text(1));
    assertThat(Desk.now(node.surface(WORKSPACE, ORPHANS))).isEqualTo(Surfaced.NOTHING);
    assertThat(receive(node, edit(1)).kind()).isEqualTo(Received.Kind.DUPLICATE);
    assertThat(due()).isNull();
  }

  @Test
  void scenario21_messageThatCame_leavesNothingToTell() {
    ConversationService node = desk.node();
    receive(node, edit(1));

    receive(node, desk.message("first"));

    assertThat(due()).isNull();
    assertThat(Desk.now(node.surface(WORKSPACE, ORPHANS))).isEqualTo(Surfaced.NOTHING);
  }

  @Test
  void scenario21_orphanOfAContactWithoutAConversation_isTold_andOpensNone() {
    ConversationService node = desk.node();
    receive(node, edit(1));

    Surfaced surfaced = Desk.now(node.surface(WORKSPACE, ORPHANS));

    assertThat(surfaced.conversation()).isNull();
    assertThat(surfaced.events()).hasSize(1);
    assertThat(due()).isNull();
  }

  /** One more comes just between reading and telling: both are told. */
  @Test
  void scenario21_orphanThatComesWhileTheyAreTold_isToldToo() {
    ConversationService node = desk.node();
    ConversationService other = desk.node();
    receive(node, edit(1));
    boolean[] raced = new boolean[1];
    desk.store.faults(
        (number, commit) -> {
          if (!raced[0]) {
            raced[0] = true;
            assertThat(receive(other, edit(2)).kind()).isEqualTo(Received.Kind.PARKED);
          }
          return CommitFaults.Fault.NONE;
        });

    Surfaced surfaced = Desk.now(node.surface(WORKSPACE, ORPHANS));

    assertThat(surfaced.events()).extracting(InboundEvent::key).containsExactly("me1", "me2");
  }

  private @Nullable Long due() {
    for (Scored row : Desk.now(desk.store.sorted(WORKSPACE.keys().timers(), 0, -1))) {
      if (row.member().equals(ORPHANS.member())) {
        return (long) row.score();
      }
    }
    return null;
  }
}
