// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Compact JSON: names of one or two characters, absent means default, times are milliseconds. A
 * conversation's times are relative to its opening, which stands first. Streaming without data
 * binding because every commit passes here. Thread-safe.
 */
public final class JsonCodec implements ConversationCodec {

  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public String encode(Conversation conversation) {
    return write(json -> StoredConversation.write(json, conversation));
  }

  @Override
  public Conversation conversation(String text) {
    return read(text, StoredConversation::read);
  }

  @Override
  public String encode(Message message) {
    return write(json -> StoredMessage.write(json, message));
  }

  @Override
  public Message message(String text) {
    return read(text, StoredMessage::read);
  }

  @Override
  public String encode(Effect.Audit audit) {
    return write(json -> StoredMessage.write(json, audit));
  }

  @Override
  public Effect.Audit audit(String text) {
    return read(text, StoredMessage::audit);
  }

  @Override
  public String encode(Customer customer) {
    return write(json -> StoredCustomer.write(json, customer));
  }

  @Override
  public Customer customer(String text) {
    return read(text, StoredCustomer::read);
  }

  @Override
  public String encode(InboundEvent event) {
    return write(json -> StoredEvent.write(json, event));
  }

  @Override
  public InboundEvent event(String text) {
    return read(text, StoredEvent::read);
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private interface Reading<T> {
    T from(JsonParser json) throws IOException;
  }

  private static String write(Writing writing) {
    try (SegmentedStringWriter out = new SegmentedStringWriter(JSON._getBufferRecycler())) {
      try (JsonGenerator json = JSON.createGenerator(out)) {
        writing.to(json);
      }
      return out.getAndClear();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
  }

  /** Throws UncheckedIOException when the text is not what this codec writes. */
  private static <T> T read(String text, Reading<T> reading) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a stored row begins with '" + json.currentToken() + "'");
      }
      return reading.from(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored row cannot be read", e);
    }
  }
}
