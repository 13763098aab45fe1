// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.load.OfflineIntake;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A conversation of three messages, and a message, to the text that is stored and back. {@code
 * load-tests/bench State -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StateBenchmark {

  private final JsonCodec codec = new JsonCodec();
  private Conversation conversation;
  private Message message;
  private String storedConversation;
  private String storedMessage;

  /** Both, and as they are stored. */
  @Setup
  public void open() {
    Workspace workspace = OfflineIntake.configured("bench");
    conversation = Conversations.open(workspace, 3);
    message =
        Conversations.received(workspace, conversation, 4).effects().stream()
            .filter(Effect.MessageAppended.class::isInstance)
            .map(effect -> ((Effect.MessageAppended) effect).message())
            .findFirst()
            .orElseThrow();
    storedConversation = codec.encode(conversation);
    storedMessage = codec.encode(message);
  }

  /** A conversation to text. */
  @Benchmark
  public String encodeConversation() {
    return codec.encode(conversation);
  }

  /** A conversation from text. */
  @Benchmark
  public Conversation decodeConversation() {
    return codec.conversation(storedConversation);
  }

  /** A message to text. */
  @Benchmark
  public String encodeMessage() {
    return codec.encode(message);
  }

  /** A message from text. */
  @Benchmark
  public Message decodeMessage() {
    return codec.message(storedMessage);
  }
}
