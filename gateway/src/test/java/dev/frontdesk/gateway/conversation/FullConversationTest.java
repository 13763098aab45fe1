// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Conversation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A customer who writes more than one conversation may hold. */
class FullConversationTest {

  private static final int BOUND = WORKSPACE.config().conversations().maxMessages();

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService service = desk.node();

  private List<Received> written(int from, int to) {
    List<Received> all = new ArrayList<>();
    for (int i = from; i <= to; i += 50) {
      List<InboundEvent> some =
          IntStream.rangeClosed(i, Math.min(to, i + 49))
              .<InboundEvent>mapToObj(n -> desk.message("m" + n, "t" + n))
              .toList();
      Future<List<Received>> stored = service.receive(WORKSPACE, ChatDesk.KEY, some);
      all.addAll(Desk.now(stored));
    }
    return all;
  }

  @Test
  void messages_pastTheBound_goOnInAnotherConversation_noneLostAndNoGap() {
    List<Received> all = written(1, BOUND + 75);

    assertThat(all).extracting(Received::kind).containsOnly(Received.Kind.STORED);
    List<Conversation.Id> conversations =
        all.stream().map(Received::conversation).distinct().collect(Collectors.toList());
    assertThat(conversations).hasSize(2);
    Conversation former = Desk.now(service.find(WORKSPACE, conversations.get(0))).conversation();
    Conversation next = Desk.now(service.find(WORKSPACE, conversations.get(1))).conversation();
    assertThat(former.stage()).isEqualTo(Conversation.Stage.CLOSED);
    assertThat(former.lastSeq()).isEqualTo(BOUND);
    assertThat(next.lastSeq()).isEqualTo(75);
    assertThat(next.clock().dueAt()).isEqualTo(former.clock().dueAt());
    assertThat(written(1, BOUND + 75))
        .extracting(Received::kind)
        .containsOnly(Received.Kind.DUPLICATE);
  }
}
