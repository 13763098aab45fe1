// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A platform's call from its raw bytes to events, by connector: verifying, decoding. {@code
 * load-tests/bench Decode -prof gc}; one connector: {@code -p channel=webhook}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

  /** One channel each; {@code wechat-safe} is WeChat's encrypted mode. */
  @Param({
    "webhook",
    "telegram",
    "line",
    "wechat-official",
    "wechat-safe",
    "twilio-sms",
    "twilio-voice",
    "email"
  })
  public String channel = "webhook";

  private ConnectorCalls calls;
  private Connector connector;
  private WebhookRequest call;

  /** Makes the call and its connector. */
  @Setup
  public void open() {
    calls = new ConnectorCalls();
    connector = calls.connector(channel);
    call = ConnectorCalls.call(channel);
  }

  /** Ends what connectors opened. */
  @TearDown
  public void close() {
    calls.close();
  }

  /** Only the signature. */
  @Benchmark
  public boolean verify() throws WebhookRejected {
    connector.verify(call, ConnectorCalls.AT);
    return true;
  }

  /** Only the events. */
  @Benchmark
  public Decoded decode() throws WebhookRejected {
    return connector.decode(call, ConnectorCalls.AT);
  }
}
