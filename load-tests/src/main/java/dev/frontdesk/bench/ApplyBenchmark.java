// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Transition;
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
 * What {@code ConversationRules} cost: a message that opens a conversation, with its triage (two
 * conditions), and one that comes to an open conversation. {@code load-tests/bench Apply -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ApplyBenchmark {

  private Workspace workspace;
  private Conversation conversation;
  private InboundEvent.Received message;

  /** An open conversation with three messages and the next one. */
  @Setup
  public void open() {
    workspace = OfflineIntake.configured("bench");
    conversation = Conversations.open(workspace, 3);
    message = Conversations.message(4);
  }

  /** The first message of a contact. */
  @Benchmark
  public Transition opens() {
    return workspace.rules().open(Conversations.ID, Conversations.KEY, message, Conversations.AT);
  }

  /** One more message of it. */
  @Benchmark
  public Transition goesOn() {
    return workspace
        .rules()
        .apply(
            conversation,
            new ConversationEvent.Inbound(message, null),
            Conversations.AT.plusMillis(4));
  }
}
