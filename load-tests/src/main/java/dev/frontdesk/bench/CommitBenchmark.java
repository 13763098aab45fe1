// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.store.redis.CommitWire;
import dev.frontdesk.load.IntakeTraffic;
import dev.frontdesk.load.OfflineIntake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
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
 * From a decoded message to the bytes that go to Redis. {@code wire…}: a commit that was made to
 * its bytes, {@code CommitCheck}, {@code CommitScript} and {@code ScriptArgs}. {@code intake…}: all
 * of it, so also digests, lanes, {@code ConversationRules}, {@code EffectWriter} and the encoding
 * of the state; Redis answers at once. What {@code EffectWriter} and the lanes cost is {@code
 * intake} less {@code wire}, {@code ApplyBenchmark} and {@code StateBenchmark}. {@code
 * load-tests/bench Commit -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 1) // the way of an intake is long: compiling it takes seconds
@Measurement(iterations = 5, time = 1)
public class CommitBenchmark {

  private static final String EPOCH = "1-bench";

  private final CommitWire wire = new CommitWire();
  private final ByteBuf out = Unpooled.buffer(16_384);
  private final String text = IntakeTraffic.text(1, new Random(1));
  private Commit opening;
  private Commit goingOn;
  private OfflineIntake intake;
  private int number;

  /** Makes the commits of a conversation's first and fourth message. */
  @Setup
  public void open() {
    OfflineIntake made = new OfflineIntake("bench", Conversations.AT, 1);
    Conversation.Id first = made.store(Conversations.CONTACT, "m1", text);
    opening = made.commit();
    for (int i = 2; i <= 4; i++) {
      Conversation.Id same = made.store(Conversations.CONTACT, "m" + i, text);
      assert same.equals(first);
    }
    goingOn = made.commit();
    VirtualTime time = new VirtualTime(Conversations.AT);
    intake = new OfflineIntake("bench", new AnsweringStore(time, EPOCH, out), time, 1);
  }

  private int bytes(Commit commit) {
    out.clear();
    wire.encode(commit, EPOCH, out);
    return out.readableBytes();
  }

  /** The commit of a message that opens a conversation, to bytes. */
  @Benchmark
  public int wireOpens() {
    return bytes(opening);
  }

  /** The commit of a message to an open conversation, to bytes. */
  @Benchmark
  public int wireGoesOn() {
    return bytes(goingOn);
  }

  /** A message of a new contact, to bytes. */
  @Benchmark
  public Conversation.Id intakeOpens() {
    number++;
    return intake.store("n" + number, "m" + number, text);
  }

  /** A message to a conversation that this node has in memory, to bytes; one of a hundred. */
  @Benchmark
  public Conversation.Id intakeGoesOn() {
    number++;
    return intake.store("k" + number % 100, "m" + number, text);
  }
}
