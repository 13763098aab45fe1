// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.DeskTerms;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.RandomEvents;
import dev.frontdesk.gateway.domain.Transition;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
  private final JsonCodec codec = new JsonCodec();

  @Test
  void roundTrip_ofRandomValues_changesNothing() {
    Set<Class<?>> kinds = new java.util.HashSet<>();
    for (long seed = 1; seed <= 5_000; seed++) {
      RandomValues values = new RandomValues(new Random(seed));
      Conversation conversation = values.conversation();
      Message message = values.message();
      Effect.Audit audit = values.audit();
      InboundEvent event = values.event();
      kinds.add(message.content().getClass());
      kinds.add(event.getClass());

      assertThat(codec.conversation(codec.encode(conversation)))
          .as("seed %s", seed)
          .isEqualTo(conversation);
      assertThat(codec.message(codec.encode(message))).as("seed %s", seed).isEqualTo(message);
      assertThat(codec.audit(codec.encode(audit))).as("seed %s", seed).isEqualTo(audit);
      assertThat(codec.event(codec.encode(event))).as("seed %s", seed).isEqualTo(event);
    }
    assertThat(kinds).containsAll(List.of(MessageContent.class.getPermittedSubclasses()));
    assertThat(kinds).containsAll(List.of(InboundEvent.class.getPermittedSubclasses()));
  }

  @Test
  void roundTrip_ofEveryStateOfAWalk_changesNothing() {
    ConversationRules rules = DeskTerms.rules();
    for (long seed = 1; seed <= 100; seed++) {
      RandomEvents events = new RandomEvents(new Random(seed));
      Instant now = DeskTerms.T0;
      Transition last = rules.open(DeskTerms.ID, DeskTerms.CHAT, events.opening(now), now);
      List<Message> messages = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        keep(last, messages);
        assertThat(codec.conversation(codec.encode(last.next())))
            .as("seed %s", seed)
            .isEqualTo(last.next());
        now = events.next(now, last.next());
        ConversationEvent event = events.next(last.next(), messages, now);
        last = rules.apply(last.next(), event, now);
      }
    }
  }

  private void keep(Transition transition, List<Message> messages) {
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.MessageAppended e) {
        messages.add(e.message());
        assertThat(codec.message(codec.encode(e.message()))).isEqualTo(e.message());
      } else if (effect instanceof Effect.MessageChanged e) {
        messages.set(e.message().seq() - 1, e.message());
        assertThat(codec.message(codec.encode(e.message()))).isEqualTo(e.message());
      } else if (effect instanceof Effect.Audit e) {
        assertThat(codec.audit(codec.encode(e))).isEqualTo(e);
      }
    }
  }

  @Test
  void unknownFields_ofANewerVersion_areIgnored() {
    for (long seed = 1; seed <= 200; seed++) {
      RandomValues values = new RandomValues(new Random(seed));
      Conversation conversation = values.conversation();
      Message message = values.message();
      InboundEvent event = values.event();

      assertThat(codec.conversation(newer(codec.encode(conversation)))).isEqualTo(conversation);
      assertThat(codec.message(newer(codec.encode(message)))).isEqualTo(message);
      assertThat(codec.event(newer(codec.encode(event)))).isEqualTo(event);
    }
  }

  private static String newer(String text) {
    return text.substring(0, text.length() - 1)
        + ",\"zz\":{\"a\":[1,{\"b\":null}]},\"zy\":[[\"x\"]],\"zx\":null}";
  }

  @Test
  void unknownKind_ofANewerVersion_isKeptAsUnsupported() {
    Message read = codec.message("{\"s\":1,\"r\":5,\"c\":{\"k\":\"hologram\",\"t\":\"x\"}}");

    assertThat(read.content()).isEqualTo(new MessageContent.Unsupported("hologram"));
  }

  @Test
  void garbage_isNotReadAsSomething() {
    for (String text : new String[] {"", "[]", "{\"s\":", "null", "{\"i\":[}"}) {
      assertThatThrownBy(() -> codec.message(text)).isInstanceOf(UncheckedIOException.class);
    }
  }

  /** The budget: 3 KB of Redis for a conversation with three messages, everything included. */
  @Test
  void sizes_ofAnOrdinaryConversation_areSmall() {
    Instant now = DeskTerms.T0;
    ContactKey contact = new ContactKey("wechat", "oXyZ1234567890abcdefghijklmn", null);
    InboundEvent.Received first =
        InboundEvent.Received.of(
            "24038472034123456",
            new ContactRef(contact.externalId(), "Uma Thorne", null),
            now.minusMillis(420),
            new MessageContent.Text("Hello, my parcel has not arrived yet. Can you look?"));
    Transition opened = DeskTerms.rules().open(DeskTerms.ID, contact, first, now);

    int state = bytes(codec.encode(opened.next()));
    int message =
        opened.effects().stream()
            .filter(Effect.MessageAppended.class::isInstance)
            .mapToInt(e -> bytes(codec.encode(((Effect.MessageAppended) e).message())))
            .sum();
    int history =
        opened.effects().stream()
            .filter(Effect.Audit.class::isInstance)
            .mapToInt(e -> bytes(codec.encode((Effect.Audit) e)))
            .sum();

    assertThat(state).isLessThanOrEqualTo(370);
    assertThat(message).isLessThanOrEqualTo(190);
    assertThat(history).isLessThanOrEqualTo(130);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void text_isStableForEqualValues() {
    Set<String> texts = new TreeSet<>();
    for (int i = 0; i < 3; i++) {
      texts.add(
          codec.encode(
              new Effect.Audit(
                  DeskTerms.T0, "offered", Author.SYSTEM, Map.of("a", "1", "b", "2", "c", "3"))));
    }
    assertThat(texts).hasSize(1);
  }
}
